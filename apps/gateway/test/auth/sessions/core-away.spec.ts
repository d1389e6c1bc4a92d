import { askOperators } from '@fowergram/testing';
import { createServer, type Server, type Socket } from 'node:net';
import { failureBody } from '../../support/failure-body.js';
import { openWorld, signUpForm, type World } from '../../support/world.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('while the auth core takes calls and never answers', () => {
  let core: Server;
  const callers = new Set<Socket>();
  let world: World;

  beforeAll(async () => {
    core = createServer((socket) => callers.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => core.listen(0, '127.0.0.1', resolve));
    const { port } = core.address() as { port: number };
    world = await openWorld({ SUPERTOKENS_CONNECTION_URI: `http://127.0.0.1:${port}` });
  });
  afterAll(async () => {
    await world?.close();
    for (const socket of callers) socket.destroy();
    core?.close();
  });

  it('a sign-in is answered with 503 within seconds', async () => {
    const startedAt = Date.now();
    const response = await world.post('/auth/signin', {
      formFields: signUpForm('', 'ann@example.com').formFields.slice(0, 2),
    });
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      503,
      '5',
      failureBody({ code: 'UNAVAILABLE', message: expect.any(String), retryAfterSeconds: 5 }),
    ]);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  it('a token that nobody can check now is not thrown away: 503 and no 401', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const header = { alg: 'RS256', typ: 'JWT', kid: 'd-1', version: '5' };
    const payload = {
      sub: 'u',
      rsub: 'u',
      tId: 'public',
      exp: now + 600,
      iat: now,
      sessionHandle: 'h',
      refreshTokenHash1: 'r',
      parentRefreshTokenHash1: null,
      antiCsrfToken: null,
    };
    const token = `${encode(header)}.${encode(payload)}.${Buffer.alloc(256).toString('base64url')}`;
    const response = await world.post('/graphql', { query: '{ me { id } }' }, { authorization: `Bearer ${token}` });
    expect(response.status).toBe(503);
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe(
      'UNAVAILABLE',
    );
  });

  it('the rest of the API goes on, and the process stays ready', async () => {
    expect((await world.gql('{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect((await askOperators(world.app, '/health/ready')).statusCode).toBe(200);
  });
});
