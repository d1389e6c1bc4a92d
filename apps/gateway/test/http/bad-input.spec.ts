import { postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { aPost } from '../support/models.js';
import { type RawAnswer, send, sendRaw } from '../support/raw-request.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const POST = `/api/v1/posts/post_${newId()}`;
const JSON_TYPE = 'application/json';
const QUERY = '{"query":"{ __typename }"}';
const MIB = 1_024 * 1_024;

interface Request {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request with a body of a type. */
const typed = (path: string, type: string, body: string): Request => ({
  method: 'POST',
  path,
  body,
  headers: { 'content-type': type },
});
const toRest = (type: string, body: string) => typed('/api/v1/posts', type, body);
const toGraphql = (type: string, body: string) => typed('/graphql', type, body);

const wrongBodies: [string, number, Request][] = [
  ...[
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/json-patch+json',
    '',
  ].flatMap((type): [string, number, Request][] => [
    [`REST: the type “${type}”`, 415, toRest(type, '{}')],
    [`/graphql: the type “${type}”`, 415, toGraphql(type, QUERY)],
  ]),
  ['REST: a key that stands twice', 400, toRest(JSON_TYPE, '{"caption":"a","mediaIds":[],"caption":"b"}')],
  [
    'REST: a key that stands twice in other letters',
    400,
    toRest(JSON_TYPE, '{"caption":"a","mediaIds":[],"\\u0063aption":"b"}'),
  ],
  ['/graphql: a query that stands twice', 400, toGraphql(JSON_TYPE, '{"query":"{ a }","query":"{ __typename }"}')],
  [
    '/graphql: a variable that stands twice',
    400,
    toGraphql(JSON_TYPE, '{"query":"{ __typename }","variables":{"a":{"b":1,"b":2}}}'),
  ],
  [
    '/graphql/stream: a query that stands twice',
    400,
    typed('/graphql/stream', JSON_TYPE, '{"query":"{ a }","query":"{ __typename }"}'),
  ],
  ['REST: 1 MB', 413, toRest(JSON_TYPE, JSON.stringify({ caption: 'x'.repeat(MIB), mediaIds: [] }))],
  ['/graphql: 1 MB', 413, toGraphql(JSON_TYPE, JSON.stringify({ query: `{ __typename } #${'x'.repeat(MIB)}` }))],
  ['REST: a parameter that is not known', 400, { path: '/api/v1/feed?limit=1&debug=1' }],
  ['REST: a parameter that stands twice', 400, { path: '/api/v1/feed?limit=1&limit=2' }],
  ['REST: a parameter like a property of objects', 400, { path: '/api/v1/feed?__proto__[a]=1' }],
  ['REST: a field that is not known', 400, toRest(JSON_TYPE, '{"caption":"","mediaIds":[],"isAdmin":true}')],
  ['REST: JSON with a comment', 400, toRest(JSON_TYPE, '{/* */"caption":""}')],
  ['REST: a byte order mark alone', 400, toRest(JSON_TYPE, '\ufeff')],
];

const paths: [string, number, Request][] = [
  ['slashes that are encoded', 404, { path: '/api/v1%2Ffeed' }],
  ['dots that lead away', 404, { path: '/api/v1/../v1/feed' }],
  ['dots that are encoded', 404, { path: '/api/v1/%2e%2e/v1/feed' }],
  ['dots in place of an id', 400, { path: '/api/v1/posts/..' }],
  ['a slash in an id', 400, { path: '/api/v1/posts/..%2F..%2Fme' }],
  ['capital letters', 404, { path: '/API/V1/FEED' }],
  ['a capital letter', 404, { path: '/api/v1/Feed' }],
  ['a slash at the end', 404, { path: '/api/v1/feed/' }],
  ['two slashes', 404, { path: '//api/v1/feed' }],
  ['two slashes within', 404, { path: '/api/v1//feed' }],
  ['a byte that is zero', 400, { path: '/api/v1/posts/%00' }],
  ['what cannot be decoded', 400, { path: '/api/v1/posts/%c0%ae' }],
  ['a semicolon', 404, { path: '/api/v1/feed;a=1' }],
  ['an address of 15 kB', 404, { path: `/api/v1/posts/${'x'.repeat(15_000)}` }],
  ['a method that nobody serves', 405, { method: 'TRACE', path: '/api/v1/feed' }],
  ['another method', 405, { method: 'DELETE', path: '/api/v1/feed' }],
  ['OPTIONS of nothing', 404, { method: 'OPTIONS', path: '/api/v1/nowhere' }],
  ['OPTIONS of everything', 404, { method: 'OPTIONS', path: '*' }],
  ['a GET in absolute form', 400, { path: 'http://gateway/api/v1/feed?limit=x' }],
  ['another host in absolute form', 404, { path: 'http://elsewhere' }],
];

const head = (...lines: string[]) => [
  'POST /graphql HTTP/1.1',
  'host: gateway',
  `content-type: ${JSON_TYPE}`,
  ...lines,
];

const malformed: [string, number, string[], string?][] = [
  ['a chunk whose size is no number', 400, head('transfer-encoding: chunked'), 'zz\r\n{}\r\n0\r\n\r\n'],
  ['a chunk that is longer than it says', 400, head('transfer-encoding: chunked'), '2\r\n{"query":1}\r\n0\r\n\r\n'],
  ['a chunk extension without an end', 400, head('transfer-encoding: chunked'), `2;${'x'.repeat(20_000)}\r\n{}\r\n`],
  ['two lengths', 400, head('content-length: 2', 'content-length: 3'), '{}'],
  ['two lengths in one header', 400, head('content-length: 2, 2'), '{}'],
  ['a length that is no number', 400, head('content-length: +2'), '{}'],
  ['a length and chunks', 400, head('content-length: 2', 'transfer-encoding: chunked'), '2\r\n{}\r\n0\r\n\r\n'],
  ['an encoding that nobody knows', 400, head('transfer-encoding: gzip'), '{}'],
  ['an encoding behind the chunks', 400, head('transfer-encoding: chunked, identity'), '{}'],
  ['a space before a colon', 400, head('content-length : 2'), '{}'],
  ['a line that goes on in the next one', 400, head('x-a: b', ' c: d', 'content-length: 2'), '{}'],
  ['a byte that is zero in a header', 400, head('x-a: \0', 'content-length: 2'), '{}'],
  ['a line feed alone', 400, ['GET /graphql HTTP/1.1\nhost: gateway\n\n']],
  ['a method in small letters', 400, ['get /graphql HTTP/1.1', 'host: gateway']],
  ['a method that is none', 400, ['HELLO /graphql HTTP/1.1', 'host: gateway']],
  ['a version that is none', 400, ['GET /graphql HTTP/9.9', 'host: gateway']],
  ['no version', 400, ['GET /api/v1/feed']],
  ['a request of HTTP/2', 400, ['PRI * HTTP/2.0', '', 'SM', '']],
  ['a handshake of TLS', 400, ['\x16\x03\x01\x02\x00\x01\x00\x01']],
  ['no host', 400, ['GET /api/v1/feed HTTP/1.1', 'connection: close']],
  ['no host, at an address that leads nowhere', 400, ['GET /nowhere HTTP/1.1', 'connection: close']],
  ['two hosts', 400, ['GET /api/v1/feed HTTP/1.1', 'host: a', 'host: b', 'connection: close']],
  ['many headers', 431, head(...Array.from({ length: 3_000 }, (_, index) => `x-${index}: ${index}`)), '{}'],
  ['one large header', 431, head(`x-a: ${'a'.repeat(20_000)}`), '{}'],
];

describe('bad input', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
  });
  afterAll(() => world?.close());

  const ask = ({ path = '/graphql', headers = {}, ...request }: Request): Promise<RawAnswer> =>
    send(world.url, {
      path,
      headers: { authorization: `Bearer ${ann.token}`, 'x-forwarded-for': anAddress(), ...headers },
      ...request,
    });

  /** Whatever is refused says so as a problem, or to a client of GraphQL in its form, and nothing of it is ours to hide. */
  function requireTyped({ status, headers, body }: RawAnswer, isGraphql = false): void {
    const correlationId = headers['x-correlation-id'];
    expect(correlationId).toMatch(/^[\w-]{20,40}$/);
    const answer = JSON.parse(body) as { errors?: { extensions?: object }[] };
    const code = expect.stringMatching(/^[A-Z_]+$/) as string;
    if (isGraphql) expect(answer).toMatchObject({ errors: [{ extensions: { code, correlationId } }] });
    else {
      const type = expect.stringMatching(/^\/api\/problems\/[A-Z_]+$/) as string;
      const detail = expect.stringMatching(/^\S.{5,}/) as string;
      expect(answer).toMatchObject({ type, title: expect.any(String) as string, status, detail, code, correlationId });
    }
    expect(headers['content-type']).toBe(`application/${isGraphql ? 'json' : 'problem+json'}; charset=utf-8`);
    expect(body).not.toMatch(/FST_|HPE_|node_modules|Unexpected token|\\n +at /);
    expect(body.length).toBeLessThan(1_500);
  }

  it.each(wrongBodies)('in a body or a parameter is refused: %s (%i)', async (name, status, request) => {
    const answer = await ask(request);
    expect(answer.status).toBe(status);
    requireTyped(answer, name.startsWith('/graphql'));
  });

  it.each(paths)('in an address is refused: %s (%i)', async (_name, status, request) => {
    const answer = await ask(request);
    expect(answer.status).toBe(status);
    requireTyped(answer);
  });

  it.each(malformed)('in HTTP itself is refused: %s (%i)', async (_name, status, lines, body = '') => {
    const answer = await sendRaw(world.url, lines, body);
    expect(answer.status).toBe(status);
    requireTyped(answer);
  });

  it('leaves the gateway as it was', async () => {
    expect((await world.gql('{ me { username } }', {}, { as: ann })).data).toEqual({ me: { username: ann.username } });
  });

  it('is not what HEAD, OPTIONS, absolute addresses and keys that stand in several objects are', async () => {
    await world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id, authorId: ann.id })));
    const headOf = await ask({ method: 'HEAD', path: '/api/v1/openapi.json' });
    expect([headOf.status, headOf.body]).toEqual([200, '']);
    expect((await ask({ path: 'http://gateway/api/v1/openapi.json' })).status).toBe(200);
    const options = await ask({ method: 'OPTIONS', path: '/api/v1/feed' });
    expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, OPTIONS']);
    const body =
      '{"query":"query A($a: ID!) { __typename } # \\"a\\": 1, \\"a\\": 2","variables":{"a":"a:a","query":{}}}';
    expect((await ask({ method: 'POST', path: '/graphql', body })).body).toContain('used');
    const twice = '{"query":"{ __typename }","variables":{"a":{"b":1},"c":{"b":1}},"extensions":{"b:":"::"}}';
    expect((await ask({ method: 'POST', path: '/graphql', body: twice })).status).toBe(200);
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])(
    'cannot change the method by %s',
    async (header) => {
      world.clearCalls();
      const headers = { [header]: 'DELETE' };
      expect((await ask({ path: '/api/v1/me', headers })).status).toBe(200);
      expect((await ask({ method: 'POST', path: POST, headers, body: '{}' })).status).toBe(405);
      expect((await ask({ path: `${POST}?_method=DELETE` })).status).toBe(400);
      expect(world.callsOf(postRpc.delete)).toEqual([]);
    },
  );
});
