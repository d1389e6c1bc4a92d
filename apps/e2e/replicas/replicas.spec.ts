import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashtagRpc, postDiscoveryRpc, postRpc } from '@fowergram/contracts-post';
import { askOperators, eventually, freePort, storm, TcpProxy } from '@fowergram/testing';
import {
  postgresReplica,
  postgresServer,
  type PostgresProcess,
  query,
  removeData,
} from '../../../tools/stack/postgres.mjs';
import { findProgram } from '../../../tools/stack/programs.mjs';
import { block, setAccount } from '../../post/test/visibility-kit.js';
import { newUserIds, openWorld, type World } from '../../post/test/world.js';

const READERS = 4;
const WRITES = 40;

describe('A post service with a streaming replica', () => {
  const folders = ['primary', 'replica'].map((name) => mkdtempSync(join(tmpdir(), `fowergram-${name}-`)));
  const line = new TcpProxy();
  let primary: PostgresProcess;
  let replica: PostgresProcess;
  let world: World;
  let users: string[];
  const [ann, viewer] = newUserIds(2) as [string, string];

  beforeAll(async () => {
    const [program, log] = [findProgram('postgres'), () => undefined];
    const own = { program, log, password: 'of-this-test-alone', durable: false };
    primary = await postgresServer({ ...own, dataDir: folders[0]!, port: await freePort() });
    // As everywhere but in tests: what is acknowledged has been flushed, and what is flushed is sent to replicas at once.
    await query(primary.url, 'alter role fowergram_admin set synchronous_commit = on');
    replica = await postgresReplica({
      ...own,
      dataDir: folders[1]!,
      port: await freePort(),
      primaryUrl: primary.url,
    });
    const replicaUrl = new URL(await line.to(replica.url));
    world = await openWorld({
      databaseServer: primary.url,
      extra: (url) => ({
        DATABASE_REPLICA_URLS: String(Object.assign(replicaUrl, { pathname: new URL(url).pathname })),
      }),
    });
  }, 120_000);
  afterAll(async () => {
    await world?.close();
    await line.cut();
    for (const server of [replica, primary]) await server?.stop();
    folders.forEach(removeData);
  }, 60_000);
  beforeEach(async () => {
    users = newUserIds(1);
    await replays(true);
    await eventually(isUsed);
  }, 60_000);

  const replays = (isOn: boolean) => query(replica.url, `select pg_wal_replay_${isOn ? 'resume' : 'pause'}()`);

  async function measured(metric: string): Promise<number> {
    const { payload } = await askOperators(world.app, '/metrics');
    const found = payload.split('\n').find((each) => metric.split(' ').every((part) => each.includes(part)));
    return Number(found?.split(' ').at(-1) ?? 0);
  }
  const readsBy = (target: string) => measured(`database_reads_total target="${target}"`);
  const isUsed = async () => (await measured('database_replica_lag_seconds replica="1"')) === 0;

  /** Whether each list in which a post can be shows it. */
  async function listsWith(postId: string, authorId: string, viewerId: string): Promise<Record<string, boolean>> {
    const page = { viewerId, first: 50 };
    const [explore, search, hashtag, profile] = await Promise.all([
      world.call(postDiscoveryRpc.explore, page),
      world.call(postDiscoveryRpc.search, { ...page, query: 'lighthouse' }),
      world.call(hashtagRpc.posts, { ...page, name: 'sea' }),
      world.call(postRpc.byAuthor, { ...page, authorId }),
    ]);
    const has = ({ edges }: typeof explore) => edges.some(({ node }) => node.id === postId);
    return { explore: has(explore), search: has(search), hashtag: has(hashtag), profile: has(profile) };
  }
  const EVERYWHERE = { explore: true, search: true, hashtag: true, profile: true };
  const NOWHERE = { explore: false, search: false, hashtag: false, profile: false };

  const post = async (authorId: string) => (await world.post(authorId, { caption: 'A lighthouse #sea' })).id;
  const commentsOf = async (postId: string): Promise<string[]> => {
    const { edges } = await world.call(postRpc.comments, { postId, viewerId: viewer, first: 50 });
    return edges.map(({ node }) => node.id);
  };

  it('reads dear lists from it', async () => {
    const id = await post(ann);
    await eventually(async () => {
      const before = await readsBy('replica');
      expect(await listsWith(id, ann, viewer)).toEqual(EVERYWHERE);
      // A place and a post for explore, search and hashtag each, and the profile.
      expect(await readsBy('replica')).toBeGreaterThanOrEqual(before + 7);
    });
  });

  it('shows what was acknowledged in the very next read, while the replica keeps up and falls behind by turns', async () => {
    const id = await post(ann);
    const before = await readsBy('replica');
    for (let count = 0; count < WRITES; count++) {
      if (count % 10 === 4) await replays(false);
      if (count % 10 === 7) await replays(true);
      const comment = await world.call(postRpc.createComment, { postId: id, authorId: viewer, text: `${count}` });
      const read = await Promise.all(Array.from({ length: READERS }, () => commentsOf(id)));
      for (const ids of read) expect(ids[0]).toBe(comment.id);
    }
    expect(await readsBy('replica')).toBeGreaterThan(before);
  });

  describe('while the replica stands still', () => {
    it.each<[string, (author: string, id: string) => Promise<unknown>]>([
      ['a block', (author) => block(world, author, viewer)],
      ['a profile that becomes private', (author) => setAccount(world, author, { isPrivate: true })],
      ['a deletion', (author, id) => world.call(postRpc.delete, { id, userId: author })],
      ['a suspension', (author) => world.changeAccount(author, 'SUSPENDED')],
    ])('%s holds in the next read on each list', async (_what, hide) => {
      const author = users[0]!;
      const id = await post(author);
      expect(await listsWith(id, author, viewer)).toEqual(EVERYWHERE);
      await eventually(isUsed);
      await replays(false);
      await hide(author, id);
      expect(await listsWith(id, author, viewer)).toEqual(NOWHERE);
      expect(await isUsed()).toBe(false);
    });

    it('reads go to the primary, and to the replica again once it has caught up', async () => {
      await replays(false);
      const id = await post(ann);
      expect(await listsWith(id, ann, ann)).toMatchObject({ search: true, hashtag: true, profile: true });
      const before = await readsBy('primary');
      await commentsOf(id);
      expect(await readsBy('primary')).toBe(before + 1);
      await replays(true);
      await eventually(isUsed);
      const after = await readsBy('replica');
      await eventually(async () => {
        await commentsOf(id);
        expect(await readsBy('replica')).toBeGreaterThan(after);
      });
    });
  });

  describe('while the replica is away', () => {
    it.each<[string, () => void | Promise<void>]>([
      ['refuses connections', () => line.cut()],
      ['takes requests and never answers', () => line.silence()],
    ])('no request fails, since a late one does: one that %s', async (_how, breakIt) => {
      const id = await post(ann);
      await eventually(isUsed);
      await storm(READERS, Array.from({ length: 200 }, (_, index) => index).values(), async (index) => {
        if (index === 20) await breakIt();
        expect(await commentsOf(id)).toEqual([]);
      });
      expect(await isUsed()).toBe(false);
      await line.restore();
      await eventually(isUsed);
    });
  });

  it('reads nothing from it once it is a primary of its own', async () => {
    await query(replica.url, 'select pg_promote()');
    await eventually(async () => expect(await isUsed()).toBe(false));
    const id = await post(ann);
    expect(await listsWith(id, ann, viewer)).toEqual(EVERYWHERE);
  });
});
