import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { auditServer } from 'graphql-http';
import { GraphQLClient } from 'graphql-request';
import type { Page } from 'playwright-core';
import { eventually, startBrowser } from '@fowergram/testing';
import { routes } from '../../src/rest/routes/routes.js';
import { sendRaw } from '../support/raw-request.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const run = promisify(execFile);
/** As many as graphql-http asks. */
const AUDITS = 61;
const JAVA_TIMEOUT_MS = 60_000;
const ANSWER = '{"data":{"__typename":"Query"}}';
const OFFER = [
  'connection: Upgrade, HTTP2-Settings',
  'upgrade: h2c',
  'http2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
];
const QUERY = '{"query":"{ __typename }"}';

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
/** Runs where the program is; elsewhere the report says that it was skipped, and by its title why. */
const itWith = (program: string, ...args: string[]) => (has(program, ...args) ? it : it.skip);

/** Signs in with a token, and asks for yourself. */
async function tryMe(page: Page, token: string): Promise<void> {
  await page.locator('.auth-wrapper .authorize').first().click();
  await page.locator('.auth-container input').first().fill(token);
  await page.locator('.auth-container .authorize').first().click();
  await page.locator('.btn-done').first().click();
  await page.locator('#operations-me-getMe .opblock-summary-control').click();
  await page.locator('#operations-me-getMe .try-out__btn').click();
  await page.locator('#operations-me-getMe .execute').click();
}

/** Clients and suites that know nothing of this project, as they come out of their package. */
describe('a client that nobody here wrote', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development' });
    ann = await world.signUp();
  });
  afterAll(() => world?.close());

  it('is served by GraphQL over HTTP, as the audit of graphql-http finds without a warning', async () => {
    const results = await auditServer({ url: `${world.url}/graphql` });
    expect(results).toHaveLength(AUDITS);
    const remarks = results
      .filter(({ status }) => status !== 'ok')
      .map(({ id, name, status }) => ({ id, name, status }));
    // The audit asks by GET without any header; what may be so is no warning.
    expect(remarks.filter(({ status }) => status !== 'notice')).toEqual([]);
    expect(remarks.filter(({ name }) => !/GET/.test(name))).toEqual([]);
    await Promise.all(results.map(async (result) => (result as { response?: Response }).response?.body?.cancel()));
  });

  it('passes the audit without a remark when its GET proves a preflight', async () => {
    const fetchFn = (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: {
          ...(init.headers as object),
          ...(init.method === 'POST' ? {} : { 'apollo-require-preflight': '1' }),
        },
      });
    const results = await auditServer({ url: `${world.url}/graphql`, fetchFn });
    expect(results.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toEqual([]);
    expect(results.filter(({ status }) => status === 'ok')).toHaveLength(AUDITS);
  });

  it.each(['POST', 'GET'] as const)('is graphql-request by %s', async (method) => {
    const client = new GraphQLClient(`${world.url}/graphql`, {
      method,
      jsonSerializer: JSON,
      headers: { authorization: `Bearer ${ann.token}` },
    });
    const query = 'query ($name: String!) { me { username } user(username: $name) { username } }';
    const answer = await client.request(query, { name: ann.username });
    expect(answer).toEqual({ me: { username: ann.username }, user: { username: ann.username } });
    await expect(client.request('{ nothing }')).rejects.toMatchObject({ response: { status: 400 } });
  });

  itWith('java', '-version')(
    'is the HttpClient of Java, which offers h2c (skipped where there is no JDK)',
    async () => {
      const { stdout } = await run('java', [join(import.meta.dirname, 'JavaClient.java'), world.url]);
      expect(stdout.trim().split('\n')).toEqual([
        `200 HTTP_1_1 ${ANSWER}`,
        `200 HTTP_1_1 ${ANSWER}`,
        expect.stringMatching(/^404 HTTP_1_1 \{"code":"NOT_FOUND"/),
        `200 HTTP_1_1 ${ANSWER}`,
      ]);
    },
    JAVA_TIMEOUT_MS,
  );

  itWith('curl', '--version')('is curl that offers h2c (skipped where there is no curl)', async () => {
    const args = ['-s', '--http2', '-w', ' %{http_code} %{http_version}', '-H', 'content-type: application/json'];
    const { stdout } = await run('curl', [...args, '-d', QUERY, `${world.url}/graphql`]);
    expect(stdout).toBe(`${ANSWER} 200 1.1`);
  });

  it('is Swagger UI at /api/docs, which asks nobody else, and is not wider than its window', async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      const failures: string[] = [];
      page.on('pageerror', ({ message }) => failures.push(message));
      page.on('console', (message) => message.type() === 'error' && failures.push(message.text()));
      page.on('request', (request) => {
        if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(world.url))
          failures.push(request.url());
      });
      await page.goto(`${world.url}/api/docs`);
      await page.locator('.opblock').first().waitFor();
      expect(await page.locator('.opblock').count()).toBe(routes.length);
      await tryMe(page, ann.token);
      await page.locator('.live-responses-table').getByText(ann.username).first().waitFor();
      for (const width of [390, 1_280]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
      expect(failures).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  describe('and offers another protocol', () => {
    const post = (extra: string[] = OFFER, body = QUERY) => [
      'POST /graphql HTTP/1.1',
      'host: gateway',
      'content-type: application/json',
      `content-length: ${body.length}`,
      ...extra,
    ];

    it.each([
      ['h2c', OFFER],
      ['TLS', ['connection: upgrade', 'upgrade: TLS/1.2']],
      ['several', ['connection: upgrade', 'upgrade: h2c, websocket']],
      ['a socket, by POST', ['connection: upgrade', 'upgrade: websocket']],
      ['one in other letters', ['Connection: UPGRADE', 'Upgrade: H2C']],
    ])('is answered as if it had not: %s', async (_name, offer) => {
      const answer = await sendRaw(world.url, post([...offer, 'connection: close']), QUERY);
      expect([answer.status, answer.body]).toEqual([200, ANSWER]);
    });

    it('keeps its connection for hundreds of requests, and leaves nothing behind', async () => {
      const { hostname, port } = new URL(world.url);
      const socket = connectTcp(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      const warnings: Error[] = [];
      const onWarning = (warning: Error) => void warnings.push(warning);
      process.on('warning', onWarning);
      const times = 200;
      for (let time = 1; time <= times; time++) {
        socket.write([...post(), '', QUERY].join('\r\n'));
        await eventually(() => text.split(ANSWER).length === time + 1);
      }
      socket.end();
      await once(socket, 'close');
      process.off('warning', onWarning);
      expect(warnings).toEqual([]);
      expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(times);
    });

    it('may send its body and its next request in parts', async () => {
      const { hostname, port } = new URL(world.url);
      const socket = connectTcp(Number(port), hostname);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.write([...post(), '', QUERY.slice(0, 5)].join('\r\n'));
      // The gateway has taken the head when it has nothing to say yet.
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(QUERY.slice(5));
      await eventually(() => text.includes(ANSWER));
      socket.write([...post(['connection: close']), '', QUERY].join('\r\n'));
      await once(socket, 'close');
      expect(text.split(ANSWER)).toHaveLength(3);
    });

    it('cannot smuggle: a request behind one that is not answered ends the connection', async () => {
      const first = [
        'POST /graphql HTTP/1.1',
        'host: gateway',
        'content-type: application/json',
        `content-length: ${QUERY.length}`,
      ];
      const both = [...first, '', QUERY + [...post(), '', ''].join('\r\n')];
      const answer = await sendRaw(world.url, both, QUERY);
      expect(answer.status === 200 || Number.isNaN(answer.status)).toBe(true);
      expect((await world.gql('{ __typename }')).status).toBe(200);
    });

    it('gets the bounds of all requests', async () => {
      const chunked = [...post(), 'transfer-encoding: chunked', 'connection: close'];
      expect((await sendRaw(world.url, chunked, QUERY)).status).toBe(400);
      const large = 'x'.repeat(200_000);
      expect((await sendRaw(world.url, post([...OFFER, 'connection: close'], large), large)).status).toBe(413);
      for (let round = 0; round < 50; round++) {
        const { hostname, port } = new URL(world.url);
        const socket = connectTcp(Number(port), hostname);
        await once(socket, 'connect');
        socket.on('error', () => undefined).write([...post(), '', ''].join('\r\n'));
        socket.resetAndDestroy();
      }
      expect((await world.gql('{ __typename }')).status).toBe(200);
    });
  });
});
