import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { AppError } from '@fowergram/contracts-core';
import { userRpc } from '@fowergram/contracts-user';
import { SECURITY_HEADERS, TLS_HEADERS } from '../../src/http/security-headers.js';
import { type RawAnswer, send, sendRaw } from '../support/raw-request.js';
import { anAddress, openWorld, signUpForm, type World } from '../support/world.js';

type Ask = (world: World) => Promise<RawAnswer>;

const graphql = (query: string, headers = {}) => ({
  method: 'POST',
  path: '/graphql',
  headers,
  body: JSON.stringify({ query }),
});
const signUp = (name: string) => ({
  method: 'POST',
  path: '/auth/signup',
  headers: { 'x-forwarded-for': anAddress(), 'st-auth-mode': 'header' },
  body: JSON.stringify(signUpForm(name, `${name}@example.com`)),
});
const upgrade = (path: string, ...more: string[]) => [
  `GET ${path} HTTP/1.1`,
  'host: gateway',
  'connection: upgrade',
  'upgrade: websocket',
  ...more,
];
const preflight = (path: string, origin: string) => ({
  method: 'OPTIONS',
  path,
  headers: { origin, 'access-control-request-method': 'POST' },
});

/** In the form of an access token, signed by nobody. */
function falseToken(): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [iat, exp] = [Math.floor(Date.now() / 1_000), Math.floor(Date.now() / 1_000) + 600];
  const header = { alg: 'RS256', typ: 'JWT', kid: 'd-1', version: '5' };
  return `${encode(header)}.${encode({ sub: 'u', rsub: 'u', tId: 'public', iat, exp, sessionHandle: 'h' })}.AAAA`;
}

/** Ten wrong passwords for one account from one address, and one more. */
async function signInTooOften({ url }: World): Promise<RawAnswer> {
  const request = signUp('headers_three');
  const body = JSON.stringify({ formFields: signUpForm('', 'nobody@example.com').formFields.slice(0, 2) });
  const answers = [];
  for (let times = 0; times < 11; times++) answers.push(send(url, { ...request, path: '/auth/signin', body }));
  return (await Promise.all(answers)).find(({ status }) => status === 429)!;
}

/** Node has waited for the headers long enough. */
function timeOut({ url, app }: World): Promise<RawAnswer> {
  const server = app.getHttpServer() as Server;
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.once('connection', (socket) => server.emit('clientError', late, socket));
  return sendRaw(url, []);
}

/** Every kind of answer that a client can get, by who writes it. */
const answers: [string, number, Ask][] = [
  ['an operation', 200, ({ url }) => send(url, graphql('{ __typename }'))],
  ['an operation that is wrong', 400, ({ url }) => send(url, graphql('{ nothing }'))],
  [
    'an operation with a false token',
    401,
    ({ url }) => send(url, graphql('{ me { id } }', { authorization: `Bearer ${falseToken()}` })),
  ],
  [
    'an operation of which nothing can be had',
    503,
    ({ url }) => send(url, graphql('{ user(username: "away") { id } }')),
  ],
  ['an operation that is no JSON', 400, ({ url }) => send(url, { method: 'POST', path: '/graphql', body: '{' })],
  [
    'an operation in another media type',
    415,
    ({ url }) => send(url, { ...graphql('{ __typename }'), headers: { 'content-type': 'text/plain' } }),
  ],
  ['an operation that is too large', 413, ({ url }) => send(url, graphql('#'.repeat(200_000)))],
  ['an operation by GET', 400, ({ url }) => send(url, { path: '/graphql?query={__typename}' })],
  ['a preflight of our web app', 204, ({ url }) => send(url, preflight('/graphql', 'http://127.0.0.1:3000'))],
  ['a preflight of a foreign page', 204, ({ url }) => send(url, preflight('/auth/signin', 'https://evil.example'))],
  ['a sign-up, with its tokens', 200, ({ url }) => send(url, signUp('headers_one'))],
  ['a sign-up of a name that is taken', 200, ({ url }) => send(url, signUp('headers_one'))],
  ['a refresh without a token', 401, ({ url }) => send(url, { method: 'POST', path: '/auth/session/refresh' })],
  ['a state of the second factor without a session', 401, ({ url }) => send(url, { path: '/auth/second-factor' })],
  ['an endpoint of /auth that is none', 404, ({ url }) => send(url, { path: '/auth/nothing' })],
  ['a sign-in that is no JSON', 400, ({ url }) => send(url, { method: 'POST', path: '/auth/signin', body: '{' })],
  [
    'a sign-in that is too large',
    413,
    ({ url }) => send(url, { method: 'POST', path: '/auth/signin', body: JSON.stringify('x'.repeat(70_000)) }),
  ],
  [
    'a sign-in from a foreign page',
    403,
    ({ url }) => send(url, { ...signUp('headers_two'), headers: { origin: 'https://evil.example' } }),
  ],
  ['a script of the playground', 200, ({ url }) => send(url, { path: '/playground/assets/playground.js' })],
  ['a file of the playground that is none', 404, ({ url }) => send(url, { path: '/playground/assets/nothing' })],
  ['an address that leads nowhere', 404, ({ url }) => send(url, { path: '/nowhere?<script>' })],
  ['what operators ask', 404, ({ url }) => send(url, { path: '/metrics' })],
  ['a body for nobody', 400, ({ url }) => send(url, { method: 'POST', path: '/nowhere', body: '{' })],
  [
    'a large body for nobody',
    413,
    ({ url }) => send(url, { method: 'POST', path: '/nowhere', body: ' '.repeat(70_000) }),
  ],
  ['a method that nobody serves', 405, ({ url }) => send(url, { method: 'PROPFIND', path: '/graphql' })],
  ['a URL that cannot be decoded', 400, ({ url }) => send(url, { path: '/%zz' })],
  [
    'a URL with a part that is too long',
    414,
    ({ url }) => send(url, { path: `/playground/assets/${'x'.repeat(200)}` }),
  ],
  ['what is no HTTP', 400, ({ url }) => sendRaw(url, ['how do you do'])],
  ['headers that are too large', 431, ({ url }) => send(url, { path: '/', headers: { cookie: 'x'.repeat(20_000) } })],
  ['a request without a host', 400, ({ url }) => sendRaw(url, ['GET /graphql HTTP/1.1', 'connection: close'])],
  ['a request that expects too much', 417, ({ url }) => send(url, { path: '/', headers: { expect: 'tea' } })],
  ['a sign-in too many', 429, signInTooOften],
  ['a request whose headers do not come', 408, timeOut],
  ['a socket on another path', 404, ({ url }) => sendRaw(url, upgrade('/elsewhere'))],
  ['a socket without a key', 400, ({ url }) => sendRaw(url, upgrade('/graphql', 'sec-websocket-version: 13'))],
];

describe('an answer to a client', () => {
  let world: World;
  const given = new Map<string, RawAnswer>();

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development' });
    await world.answer(userRpc.profileByUsername, ({ username }) => {
      if (username === 'away') throw new AppError('UNAVAILABLE', 'It is away.');
      return null;
    });
    for (const [name, , ask] of answers) given.set(name, await ask(world));
  });
  afterAll(() => world?.close());

  it.each(answers)('to %s has its status and every security header', (name, status) => {
    const { headers, ...answer } = given.get(name)!;
    const expected = { ...SECURITY_HEADERS, ...(name.includes('the playground') && { 'cache-control': 'no-cache' }) };
    expect([answer.status, headers]).toEqual([status, expect.objectContaining(expected)]);
    for (const telling of ['x-powered-by', 'server', 'strict-transport-security'])
      expect(headers).not.toHaveProperty(telling);
  });

  it.each(answers)('to %s has the id by which its request is found', (name) => {
    expect(given.get(name)!.headers['x-correlation-id']).toMatch(/^[\w-]{20,40}$/);
  });

  it.each(answers.filter(([, status]) => status >= 400))('to %s says its error in the one form', (name, status) => {
    const { headers, body } = given.get(name)!;
    const { errors, data, ...beside } = JSON.parse(body) as {
      data?: object | null;
      errors: { message: string; extensions: { code: string } }[];
    };
    expect(Object.values(data ?? {}).filter((part) => part !== null)).toEqual([]);
    const correlationId = headers['x-correlation-id'];
    for (const { message, extensions } of errors) {
      expect(message).toMatch(/^\S.{5,}/);
      expect(extensions).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as string, correlationId });
    }
    expect(errors.length).toBeGreaterThan(0);
    const isOperation = /^an operation|nobody serves|without a host/.test(name);
    expect(headers['content-type']).toBe(`application/${isOperation ? 'json' : 'problem+json'}; charset=utf-8`);
    if (isOperation && status !== 401) expect(beside).toEqual({});
    else expect(beside).toMatchObject({ message: errors[0]!.message });
    if (!isOperation) {
      const { code } = errors[0]!.extensions;
      const type = expect.stringMatching(`^/api/problems/${code}$`) as string;
      expect(beside).toMatchObject({ type, status, title: expect.any(String) as string, code, correlationId });
    }
    expect(body).not.toMatch(/statusCode|<script>|FST_|node_modules|content-type/);
  });

  it('to a sign-up has tokens, which the test above means', () => {
    const { headers } = given.get('a sign-up, with its tokens')!;
    expect([headers['st-access-token'], headers['cache-control']]).toEqual([expect.any(String), 'no-store']);
  });

  it.each([
    [
      '/playground',
      /^default-src 'self';.* object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    ],
    [
      '/api/docs',
      /^default-src 'self';(?!.*(?:http|ws)).* object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    ],
  ])('with a page for developers has a policy of its own, which no other page may frame: %s', async (path, policy) => {
    const { headers } = await send(world.url, { path });
    expect(headers).toMatchObject({
      ...SECURITY_HEADERS,
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringMatching(policy) as string,
    });
    expect(headers['content-security-policy']).not.toMatch(/unsafe-eval|script-src/);
  });

  it.each(['package.json', 'swagger-ui-bundle.js.map', '..%2fpackage.json', '%2e%2e%2fpackage.json'])(
    'never has a file that no page for developers loads: %s',
    async (name) => {
      for (const folder of ['/playground/assets', '/api/docs/assets'])
        expect((await send(world.url, { path: `${folder}/${name}` })).status).toBe(404);
    },
  );

  it('with public keys may be cached, and besides only what pages for developers load', async () => {
    const { status, headers } = await send(world.url, { path: '/auth/jwt/jwks.json' });
    expect([status, headers['cache-control']]).toEqual([200, expect.stringMatching(/^max-age=\d+, must-revalidate$/)]);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('repeats a correlation id only as long as it is short and plain', async () => {
    const echo = async (id: string) =>
      (await send(world.url, graphql('{ __typename }', { 'x-correlation-id': id }))).headers['x-correlation-id'];
    expect(await echo('order-66:a.b_c')).toBe('order-66:a.b_c');
    for (const wrong of ['x'.repeat(101), 'a b', '<script>', 'ä', ''])
      expect(await echo(wrong)).toMatch(/^[\w-]{20,40}$/);
  });
});

describe('docs/security.md', () => {
  it('tells how many kinds of answers are asked for', () => {
    const [, kinds] = /asks for (\d+) kinds/.exec(readFileSync('docs/security.md', 'utf8'))!;
    expect(Number(kinds)).toBe(answers.length);
  });

  it('names the headers of every answer with their values', () => {
    const rows = readFileSync('docs/security.md', 'utf8').matchAll(/^\| `([a-z-]+)` \| `([^`]+)` \|/gm);
    const documented = Object.fromEntries([...rows].map(([, name, value]) => [name, value]));
    expect(documented).toEqual({ ...SECURITY_HEADERS, ...TLS_HEADERS });
  });
});
