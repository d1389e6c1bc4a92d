import { claimsOf, cookiesOf, openAccounts, refresh, signIn } from '../../support/accounts.js';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.js';
import { connect } from '../../support/socket.js';
import { anAddress, openWorld, type TestUser, type World } from '../../support/world.js';

const ME = '{ me { username } }';
const ELSEWHERE = 'https://api.elsewhere.example';

/** Two APIs on one core, or one that has moved from one address to another. */
describe('a token of another API with the same auth core', () => {
  let world: World;
  let elsewhere: GatewayProcess;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    await openAccounts(world);
    elsewhere = await startGateway(world, { API_DOMAIN: ELSEWHERE });
    ann = await world.signUp();
  });
  afterAll(async () => {
    await elsewhere?.stop();
    await world?.close();
  });

  /** Signs in to the other API. */
  const signInThere = (headers: Record<string, string> = {}) =>
    signIn(
      {
        post: (path, body, given) =>
          fetch(`${elsewhere.url}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-forwarded-for': anAddress(), ...given },
            body: JSON.stringify(body),
          }),
      },
      ann,
      headers,
    );
  const ask = (token: string, { url }: { url: string } = world) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: ME }),
    });

  it('opens nothing here, on no entry point, and stays what it is there', async () => {
    const { token } = await signInThere();
    expect(claimsOf(token)).toMatchObject({ iss: `${ELSEWHERE}/auth` });
    expect((await ask(token)).status).toBe(401);
    expect((await (await connect(world, { token })).closed).code).toBe(4401);
    for (const path of ['/auth/signout', '/auth/user/email/verify/token', '/auth/second-factor/verify']) {
      expect([path, (await world.post(path, {}, { authorization: `Bearer ${token}` })).status]).toEqual([path, 401]);
    }
    expect((await ask(token, elsewhere)).status).toBe(200);
  });

  it('is exchanged by a refresh for one of ours, which opens the account and is ours after the next one too', async () => {
    let { token, refreshToken } = await signInThere();
    for (let turn = 0; turn < 2; turn++) {
      const refreshed = await refresh(world, refreshToken);
      expect(refreshed.status).toBe(200);
      [token, refreshToken] = [refreshed.headers.get('st-access-token')!, refreshed.headers.get('st-refresh-token')!];
      expect(claimsOf(token)).toMatchObject({ iss: `${world.url}/auth`, sub: ann.id, role: 'USER' });
      const answer = await ask(token);
      expect(await answer.json()).toEqual({ data: { me: { username: ann.username } } });
      token = answer.headers.get('st-access-token') ?? token;
      expect(claimsOf(token)).toMatchObject({ iss: `${world.url}/auth` });
    }
    expect((await ask(token, elsewhere)).status).toBe(401);
  });

  it('is exchanged in a cookie too', async () => {
    const there = await signInThere({ 'st-auth-mode': 'cookie' });
    const here = await fetch(`${world.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { cookie: cookiesOf(there), rid: 'session' },
    });
    expect(here.status).toBe(200);
    const answer = await world.post('/graphql', { query: ME }, { cookie: cookiesOf(here), rid: 'session' });
    expect(await answer.json()).toEqual({ data: { me: { username: ann.username } } });
  });
});
