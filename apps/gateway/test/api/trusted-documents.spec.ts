import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG } from '@fowergram/service-kit';
import { DocumentsService } from '../../src/api/documents/documents.service.js';
import { PersistedDocumentsService } from '../../src/api/documents/persisted-documents.service.js';
import { readTrustedDocuments } from '../../src/api/documents/trusted-documents.js';
import type { Config } from '../../src/config.js';
import { connect } from '../support/socket.js';
import { type GraphqlAnswer, openWorld, type TestUser, type World } from '../support/world.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const byHash = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });
/** A document that nobody has sent before. */
const aQuery = (): string => `query Me_${randomUUID().replaceAll('-', '')} { me { username } }`;

describe('the documents of a manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'));
  const manifestOf = (content: unknown): string => {
    const path = join(folder, `${randomUUID()}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const TRUSTED = 'query Trusted { me { username } }';
  const LISTENING = 'subscription { notificationReceived { cursor } }';
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    const path = manifestOf({ 'screen-1': TRUSTED, [sha256(LISTENING)]: LISTENING });
    world = await openWorld({ GRAPHQL_TRUSTED_DOCUMENTS: path, GRAPHQL_TRUSTED_ONLY: 'on' });
    ann = await world.signUp();
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = async (body: unknown) => {
    const response = await world.post('/graphql', body, { authorization: `Bearer ${ann.token}` });
    return { ...((await response.json()) as GraphqlAnswer), status: response.status };
  };

  it('are executed by their ids, by Apollo’s way to name them, and as texts', async () => {
    const data = { me: { username: ann.username } };
    expect((await post({ documentId: 'screen-1' })).data).toEqual(data);
    expect((await post({ extensions: byHash('screen-1') })).data).toEqual(data);
    expect((await post({ query: TRUSTED })).data).toEqual(data);
    expect((await post({ query: TRUSTED, extensions: byHash('screen-1') })).data).toEqual(data);
  });

  it('are the only ones, over HTTP', async () => {
    const query = aQuery();
    const answers = [await post({ query }), await post({ query, extensions: byHash(sha256(query)) })];
    for (const { status, errors } of answers)
      expect([status, errors![0]!.extensions.reason]).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    expect((await post({ extensions: byHash(sha256(query)) })).errors![0]!.message).toBe('PersistedQueryNotFound');
    expect((await post({ query: `${TRUSTED} ` })).status).toBe(403);
  });

  it('are the only ones, over a socket', async () => {
    const socket = await connect(world, ann);
    try {
      const other = await socket.run(aQuery());
      expect(other.errors).toMatchObject([{ extensions: { reason: 'DOCUMENT_NOT_TRUSTED' } }]);
      expect((await socket.run(TRUSTED)).data).toEqual([{ me: { username: ann.username } }]);
      expect((await socket.run('', {}, byHash('screen-1'))).data).toEqual([{ me: { username: ann.username } }]);
    } finally {
      await socket.close();
    }
  });

  it('fit the schema, or the gateway does not start and says which do not', () => {
    const path = manifestOf({ good: TRUSTED, old: '{ me { shoeSize } }' });
    const config = { ...world.app.get<Config>(CONFIG), GRAPHQL_TRUSTED_DOCUMENTS: path };
    const persisted = new PersistedDocumentsService(world.app.get(DocumentsService), config);
    expect(() => persisted.onApplicationBootstrap()).toThrow(/^Trusted.*\nold: Cannot query field/);
    const only = { ...config, GRAPHQL_TRUSTED_DOCUMENTS: undefined };
    expect(() => new PersistedDocumentsService(world.app.get(DocumentsService), only)).toThrow(
      'GRAPHQL_TRUSTED_ONLY needs GRAPHQL_TRUSTED_DOCUMENTS.',
    );
  });

  it('are read from the manifest of Apollo’s generator, and from no other file', () => {
    const operations = [{ id: 'x', name: 'Trusted', type: 'query', body: TRUSTED }];
    const read = readTrustedDocuments(
      manifestOf({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    );
    expect([read.ids, read.textOf('x'), read.has(TRUSTED), read.has(`${TRUSTED} `)]).toEqual([
      ['x'],
      TRUSTED,
      true,
      false,
    ]);
    for (const wrong of [[], { a: 1 }, 'text', { format: 'apollo-persisted-query-manifest', operations: [{}] }])
      expect(() => readTrustedDocuments(manifestOf(wrong))).toThrow('is no manifest of documents');
  });
});
