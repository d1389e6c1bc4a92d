import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { postRpc } from '@fowergram/contracts-post';
import { cookiesOf, refresh, signIn } from '../support/accounts.js';
import { send } from '../support/raw-request.js';
import { connect } from '../support/socket.js';
import { aPost } from '../support/models.js';
import { anAddress, openWorld, type TestUser, type World } from '../support/world.js';

const ME = '{ me { username } }';
const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

describe('the HTTP surface of a gateway', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development', WEBSITE_ORIGINS: 'https://a.example, https://b.example' });
    ann = await world.signUp();
  });
  afterAll(() => world?.close());

  const ask = (query: string, headers: Record<string, string> = {}) => world.gql(query, {}, { headers });

  describe('to a page', () => {
    const preflight = (origin: string, headers: string) =>
      fetch(`${world.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
      });

    it.each([
      [
        'Apollo',
        'apollo-require-preflight,apollographql-client-name,apollographql-client-version,x-apollo-operation-name',
      ],
      ['OpenTelemetry', 'traceparent,tracestate,baggage'],
      ['Sentry', 'sentry-trace,baggage'],
      ['SuperTokens', 'rid,fdi-version,st-auth-mode,authorization'],
      ['our own', 'content-type,authorization,idempotency-key,x-correlation-id,graphql-require-preflight'],
    ])('allows the headers of %s', async (_name, wished) => {
      const { headers } = await preflight('http://127.0.0.1:3000', wished);
      const allowed = headers.get('access-control-allow-headers')!.toLowerCase().split(/, */);
      expect(wished.split(',').filter((name) => !allowed.includes(name))).toEqual([]);
    });

    it.each([
      ['http://127.0.0.1:3000', true],
      ['https://a.example', true],
      ['https://b.example', true],
      ['http://localhost:5173', true],
      ['http://127.0.0.1:4200', true],
      ['http://[::1]:4200', true],
      ['https://c.example', false],
      ['http://localhost.evil.example', false],
      ['http://evil.example:3000', false],
      ['null', false],
    ])('of %s gives what it has a right to: %s', async (origin, isOurs) => {
      const { headers } = await preflight(origin, 'content-type');
      expect(headers.get('access-control-allow-origin') === origin).toBe(isOurs);
      const cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
      expect((await ask(ME, { cookie, origin })).data?.me?.username).toBe(isOurs ? ann.username : undefined);
    });

    it.each(['/graphql', '/auth/session/refresh', '/nowhere'])('shows when a repeat makes sense: %s', async (path) => {
      const { headers } = await world.post(path, {}, { origin: 'https://a.example' });
      const exposed = headers.get('access-control-expose-headers')?.toLowerCase();
      for (const name of ['retry-after', 'ratelimit', 'ratelimit-policy', 'x-correlation-id', 'www-authenticate'])
        expect(exposed).toContain(name);
    });
  });

  describe('to a method that an address is not served by', () => {
    it.each([
      ['PUT', '/graphql', 'GET, HEAD, OPTIONS, POST'],
      ['DELETE', '/graphql?query={x}', 'GET, HEAD, OPTIONS, POST'],
      ['PATCH', '/graphql', 'GET, HEAD, OPTIONS, POST'],
      ['PROPFIND', '/graphql', 'GET, HEAD, OPTIONS, POST'],
      ['GET', '/auth/signin', 'OPTIONS, POST'],
      ['PUT', '/auth/public/signin', 'OPTIONS, POST'],
      ['DELETE', '/auth/session/refresh', 'OPTIONS, POST'],
      ['POST', '/auth/jwt/jwks.json', 'GET, OPTIONS'],
      ['GET', '/auth/second-factor/verify', 'OPTIONS, POST'],
      ['POST', '/auth/second-factor', 'GET, HEAD, OPTIONS'],
      ['POST', '/playground', 'GET, HEAD, OPTIONS'],
      ['DELETE', '/playground/assets/react.js', 'GET, HEAD, OPTIONS'],
    ])('answers 405 and says which it is: %s %s', async (method, path, allow) => {
      const { status, headers, body } = await send(world.url, {
        method,
        path,
        headers: { 'x-forwarded-for': anAddress() },
      });
      const { errors } = JSON.parse(body) as { errors: { message: string; extensions: { code: string } }[] };
      expect([status, headers.allow, errors[0]!.extensions.code, errors[0]!.message]).toEqual([
        405,
        allow,
        'BAD_USER_INPUT',
        'This endpoint is not for that method: see the header Allow.',
      ]);
    });

    it('answers 404 where there is nothing', async () => {
      for (const path of ['/nowhere', '/auth/nothing', '/playground/assets/nothing'])
        expect((await send(world.url, { method: 'GET', path })).status).toBe(404);
    });

    it('answers 405 on the operators’ port, too', async () => {
      for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
        const { status, headers } = await fetch(`${world.operatorUrl}${path}`, { method: 'POST' });
        expect([path, status, headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
      }
      expect((await fetch(`${world.operatorUrl}/nowhere`)).status).toBe(404);
    });
  });

  describe('with a token that is none', () => {
    it.each(['Bearer nonsense', 'Bearer', 'Bearer a b', 'bearer x.y.z', 'nonsense', 'Bearer undefined'])(
      'is 401 and says so, not an answer to a visitor: %s',
      async (authorization) => {
        const cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
        for (const more of [{}, { cookie } as Record<string, string>]) {
          const response = await world.post('/graphql', { query: '{ __typename }' }, { authorization, ...more });
          expect([response.status, response.headers.get('www-authenticate')]).toEqual([
            401,
            'Bearer error="invalid_token"',
          ]);
          expect(response.headers.getSetCookie()).toEqual([]);
        }
      },
    );

    it('says under /auth, too, how one shows who one is', async () => {
      expect((await refresh(world, 'nonsense')).headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      const response = await world.post('/auth/session/refresh', {});
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    });

    it('takes the scheme in any case, and leaves that of a proxy alone', async () => {
      expect((await ask(ME, { authorization: `bearer ${ann.token}` })).data.me.username).toBe(ann.username);
      const basic = { authorization: 'Basic YTpi' };
      expect((await ask('{ __typename }', basic)).data).toEqual({ __typename: 'Query' });
      const again = await signIn(world, ann);
      const { status } = await world.post('/auth/signout', {}, { authorization: `BEARER ${again.token}` });
      expect(status).toBe(200);
    });

    it('in the header of a socket’s handshake counts like one in its first message', async () => {
      const authorization = `Bearer ${ann.token}`;
      const socket = await connect(world, undefined, { headers: { authorization } });
      expect((await socket.run(ME)).data).toEqual([{ me: { username: ann.username } }]);
      await socket.close();
      const other = await world.signUp();
      const both = await connect(world, other, { headers: { authorization } });
      expect((await both.run(ME)).data).toEqual([{ me: { username: other.username } }]);
      await both.close();
      const bad = await connect(world, undefined, { headers: { authorization: 'Bearer nonsense' } });
      expect((await bad.closed).code).toBe(4401);
    });
  });

  describe('under /auth with a cookie', () => {
    const bare = (path: string, cookie: string, headers: Record<string, string> = {}) =>
      fetch(`${world.url}${path}`, { method: 'POST', headers: { cookie, 'x-forwarded-for': anAddress(), ...headers } });

    it('and no proof that it is no foreign page’s says what is missing, and signs nobody out', async () => {
      const cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
      for (const path of ['/auth/session/refresh', '/auth/signout', '/auth/second-factor/enrol']) {
        const response = await bare(path, cookie);
        expect([path, response.status, response.headers.getSetCookie()]).toEqual([path, 403, []]);
        expect(await response.json()).toMatchObject({
          code: 'FORBIDDEN',
          message: expect.stringContaining('rid') as string,
        });
      }
      expect((await ask(ME, { cookie })).data.me.username).toBe(ann.username);
    });

    it('works without rid for a page of our own, whose origin the browser tells', async () => {
      const cookie = cookiesOf(await signIn(world, ann, { 'st-auth-mode': 'cookie' }));
      const refreshed = await bare('/auth/session/refresh', cookie, { origin: 'http://127.0.0.1:3000' });
      expect([refreshed.status, cookiesOf(refreshed)]).toEqual([200, expect.stringContaining('sAccessToken=')]);
      const signedOut = await bare('/auth/signout', cookiesOf(refreshed), { origin: 'http://127.0.0.1:3000' });
      expect(signedOut.status).toBe(200);
    });
  });

  describe('chooses the media type of an answer', () => {
    it.each<[string | undefined, string]>([
      [undefined, JSON_TYPE],
      ['*/*', JSON_TYPE],
      ['application/json', JSON_TYPE],
      ['application/*', JSON_TYPE],
      ['application/graphql-response+json', GRAPHQL_TYPE],
      ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE],
      ['application/graphql-response+json;q=0.8, application/json;q=0.9', JSON_TYPE],
      ['application/json;q=0.5, application/graphql-response+json', GRAPHQL_TYPE],
      ['application/json;q=0, application/graphql-response+json;q=0.1', GRAPHQL_TYPE],
      ['text/event-stream, application/json;q=0.1, application/graphql-response+json;q=0', JSON_TYPE],
      ['application/graphql-response+json; charset=utf-8', GRAPHQL_TYPE],
    ])('by its q-values: %s', async (accept, type) => {
      const { headers, body } = await send(world.url, {
        method: 'POST',
        path: '/graphql',
        headers: accept === undefined ? {} : { accept },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect([headers['content-type'], body]).toEqual([type, '{"data":{"__typename":"Query"}}']);
    });

    it.each(['text/html', 'text/event-stream', 'application/json;q=0'])(
      'and refuses what it has not: %s',
      async (accept) => {
        let liked = 0;
        await world.answer(postRpc.like, ({ postId }) => {
          liked++;
          return aPost({ id: postId });
        });
        const mutation = 'mutation { likePost(postId: "post_x") { likeCount } }';
        const { status, errors } = await ask(mutation, { accept, authorization: `Bearer ${ann.token}` });
        expect([status, errors?.[0]?.extensions.code, liked]).toEqual([406, 'BAD_USER_INPUT', 0]);
      },
    );

    it('and the status with it: a client that asks for plain JSON by name reads from a 200 what is wrong with its text', async () => {
      const statuses = ['application/json', 'application/graphql-response+json', '*/*'].map(
        async (accept) => (await ask('{ nothing }', { accept })).status,
      );
      expect(await Promise.all(statuses)).toEqual([200, 400, 400]);
    });
  });

  describe('compresses an answer', () => {
    const LONG = `{ __schema { types { name kind fields { name } } } }`;
    const read = (accept?: string, query = LONG) =>
      rawPost('/graphql', JSON.stringify({ query }), accept ? { 'accept-encoding': accept } : {});

    /** Without the client that unpacks by itself. */
    async function rawPost(path: string, body: string, headers: Record<string, string>) {
      const { request } = await import('node:http');
      return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
        const all = { 'content-type': 'application/json', 'x-forwarded-for': anAddress(), ...headers };
        request(`${world.url}${path}`, { method: 'POST', headers: all }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
        })
          .on('error', reject)
          .end(body);
      });
    }

    it.each<[string, string, (bytes: Buffer) => Buffer]>([
      ['br', 'gzip, deflate, br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['gzip', 'br;q=0.1, gzip;q=0.9', gunzipSync],
    ])('by %s for who takes %s', async (encoding, accept, unpack) => {
      const plain = (await read()).bytes;
      const { headers, bytes } = await read(accept);
      expect(headers['content-encoding']).toBe(encoding);
      expect(String(headers.vary).toLowerCase()).toContain('accept-encoding');
      expect(unpack(bytes).equals(plain)).toBe(true);
      expect(bytes.length).toBeLessThan(plain.length / 3);
    });

    it.each<[string, string | undefined, string]>([
      ['who does not ask for it', undefined, LONG],
      ['who takes none of ours', 'zstd, deflate', LONG],
      ['what is short', 'br, gzip', '{ __typename }'],
    ])('but not for %s', async (_name, accept, query) => {
      const { headers } = await read(accept, query);
      expect([headers['content-encoding'], headers['content-length']]).toEqual([undefined, expect.any(String)]);
    });

    it('nowhere under /auth, where answers hold tokens, nor for operators', async () => {
      const form = { formFields: [{ id: 'email', value: 'x'.repeat(2_000) }] };
      const { headers } = await rawPost('/auth/signup', JSON.stringify(form), { 'accept-encoding': 'br, gzip' });
      expect(headers['content-encoding']).toBeUndefined();
      const metrics = await fetch(`${world.operatorUrl}/metrics`, { headers: { 'accept-encoding': 'br, gzip' } });
      expect(metrics.headers.get('content-encoding')).toBeNull();
    });

    it('and unpacks none, which would pass the bound of its size', async () => {
      const { gzipSync } = await import('node:zlib');
      const body = gzipSync(JSON.stringify({ query: '{ __typename }' }));
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      expect((await fetch(`${world.url}/graphql`, { method: 'POST', headers, body })).status).toBe(400);
    });
  });

  it.each(['/playground', '/playground/assets/playground.js', '/playground/assets/react.js'])(
    'sends a file once, and afterwards says that it is still the same: %s',
    async (path) => {
      const first = await fetch(`${world.url}${path}`);
      const etag = first.headers.get('etag')!;
      expect([first.status, etag, first.headers.get('cache-control')]).toEqual([200, expect.any(String), 'no-cache']);
      await first.text();
      const again = await fetch(`${world.url}${path}`, { headers: { 'if-none-match': etag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
      const other = await fetch(`${world.url}${path}`, { headers: { 'if-none-match': '"other"' } });
      expect([other.status, (await other.text()).length > 100]).toEqual([200, true]);
    },
  );
});
