import { randomBytes } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { Secret, TOTP } from 'otpauth';
import { WebSocket } from 'ws';
import { eventually } from '@fowergram/testing';
import { type MobileApp, mobileApp, type MobileClient } from '../src/mobile-app.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { startCoreWithShortTokens } from '../src/short-lived-tokens.js';

const PASSWORD = 'correct horse 1';
const ME = '{ me { username } }';
const TOKENS_LIVE_SECONDS = 3;

/** The mobile client of docs/auth.md as it stands there, against all five services. */
describe('a mobile app in header mode', () => {
  let network: InProcessNetwork;
  let core: Awaited<ReturnType<typeof startCoreWithShortTokens>>;
  let Client: MobileApp;

  beforeAll(async () => {
    Client = await mobileApp();
    core = await startCoreWithShortTokens(TOKENS_LIVE_SECONDS);
    network = await startInProcess({ extra: { gateway: core.variables } });
  });
  afterAll(async () => {
    await network?.stop();
    await core?.stop();
  });

  const me = async (client: MobileClient) => (await client.graphql<{ me: { username: string } }>(ME)).me.username;
  const claims = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number; sessionHandle: string };
  const expired = (token: string) => eventually(() => claims(token).exp * 1_000 < Date.now(), 10_000);
  const refreshes = async (refreshToken: string) =>
    fetch(`${network.url}/auth/session/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${refreshToken}` },
    });

  async function signedUp() {
    const username = `p_${randomBytes(6).toString('hex')}`;
    const email = `${username}@users.test`;
    const client = new Client(network.url);
    expect(await client.signUp(email, PASSWORD, username)).toMatchObject({ status: 'OK' });
    return { client, username, email };
  }

  it('signs up, signs out, and signs in again', async () => {
    const { client, username, email } = await signedUp();
    expect(await me(client)).toBe(username);
    const token = client.store.access!;
    await client.signOut();
    expect(client.store).toEqual({ access: undefined });
    const late = await fetch(`${network.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: ME }),
    });
    expect(late.status).toBe(401);
    expect(await client.signIn(email, 'wrong horse 1')).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    await client.signIn(email, PASSWORD);
    expect(await me(client)).toBe(username);
  });

  it('says beside each field of the form what is wrong with it', async () => {
    const answer = await new Client(network.url).signUp('nobody', 'short', 'a');
    expect(answer).toMatchObject({ status: 'FIELD_ERROR' });
    expect(answer.formFields!.map(({ id }) => id).sort()).toEqual(['email', 'password', 'username']);
  });

  it('refreshes once for all requests that wait, and repeats them', async () => {
    const { client, username } = await signedUp();
    const before = claims(client.store.access!);
    await expired(client.store.access!);
    expect(await Promise.all(Array.from({ length: 5 }, () => me(client)))).toEqual(Array(5).fill(username));
    expect(claims(client.store.access!).sessionHandle).toBe(before.sessionHandle);
  });

  it('refreshes again with the same token when the answer was lost', async () => {
    const { client, username } = await signedUp();
    const refresh = client.store.refresh!;
    expect((await refreshes(refresh)).status).toBe(200);
    await expired(client.store.access!);
    expect(await me(client)).toBe(username);
  });

  it('is signed out, like the thief, when a refresh token is used after its successor was', async () => {
    const { client, email } = await signedUp();
    const stolen = client.store.refresh!;
    await expired(client.store.access!);
    await me(client);
    await me(client);
    expect((await refreshes(stolen)).status).toBe(401);
    await expect(me(client)).rejects.toThrow('signed out');
    expect((await network.mails.mailTo(email, { subject: /session|sign/i })).text).toBeTruthy();
  });

  describe('with a socket', () => {
    const closeCode = (client: MobileClient, meanwhile?: () => Promise<unknown>) =>
      new Promise<number>((resolve) => {
        createClient({
          url: `${network.url.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: client.socketParams(),
          retryAttempts: 0,
          lazy: false,
          onNonLazyError: () => undefined,
          on: { connected: () => void meanwhile?.(), closed: (event) => resolve((event as { code: number }).code) },
        });
      });

    it('must refresh when the token expires: 4401', async () => {
      const { client } = await signedUp();
      expect(await closeCode(client)).toBe(4401);
    });

    it('is disconnected when the session ends elsewhere: 4401', async () => {
      const { client, email } = await signedUp();
      const elsewhere = new Client(network.url);
      await elsewhere.signIn(email, PASSWORD);
      expect(await closeCode(client, () => elsewhere.graphql('mutation { revokeOtherSessions { sessionIds } }'))).toBe(
        4401,
      );
    });

    it('does not get in with a token that was refused: 4401', async () => {
      const { client } = await signedUp();
      await client.signOut();
      client.store.access = 'no.token.really';
      expect(await closeCode(client)).toBe(4401);
    });
  });

  describe('with a second factor', () => {
    const codeNow = (secret: string, stepsAhead = 0) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsAhead * 30_000 });

    async function enrolled() {
      const user = await signedUp();
      const { secret, uri } = await user.client.secondFactor<{ secret: string; uri: string }>('enrol', {
        password: PASSWORD,
      });
      expect(uri).toMatch(/^otpauth:\/\/totp\//);
      const { recoveryCodes } = await user.client.secondFactor<{ recoveryCodes: string[] }>('confirm', {
        code: codeNow(secret),
      });
      return { ...user, secret, recoveryCodes };
    }

    it('is half signed in until the code came, and can do nothing but finish', async () => {
      const { username, email, secret } = await enrolled();
      const client = new Client(network.url);
      await client.signIn(email, PASSWORD);
      await expect(me(client)).rejects.toThrow('2fa');
      await expect(client.secondFactor('verify', { code: '000000' })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        reason: 'WRONG_CODE',
      });
      await expect(me(client)).rejects.toThrow('2fa');
      await client.secondFactor('verify', { code: codeNow(secret, 1) });
      expect(await me(client)).toBe(username);
    });

    it('gets in by a recovery code, once', async () => {
      const { username, email, recoveryCodes } = await enrolled();
      expect(recoveryCodes).toHaveLength(10);
      const client = new Client(network.url);
      await client.signIn(email, PASSWORD);
      await client.secondFactor('verify', { code: recoveryCodes[0]!.toUpperCase() });
      expect(await me(client)).toBe(username);
      const again = new Client(network.url);
      await again.signIn(email, PASSWORD);
      await expect(again.secondFactor('verify', { code: recoveryCodes[0]! })).rejects.toMatchObject({
        reason: 'WRONG_CODE',
      });
    });

    it('keeps the step that is missing through a refresh', async () => {
      const { email } = await enrolled();
      const client = new Client(network.url);
      await client.signIn(email, PASSWORD);
      await expired(client.store.access!);
      await expect(me(client)).rejects.toThrow('2fa');
    });
  });
});
