import { randomBytes } from 'node:crypto';
import { AppError } from '@fowergram/contracts-core';
import { postRpc } from '@fowergram/contracts-post';
import { signInRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { sessionsRevoked } from '../../../src/auth/sessions/sessions-revoked.broadcast.js';
import { failureBody } from '../../support/failure-body.js';
import { aProfile } from '../../support/models.js';
import { openWorld, type TestUser, signUpForm, type World } from '../../support/world.js';

const uniqueName = () => `p_${randomBytes(6).toString('hex')}`;
const ME = '{ me { id username } }';
const away = () => {
  throw new AppError('UNAVAILABLE', 'away');
};

interface AuthBody {
  status: string;
  message?: string;
  user?: { id: string };
  formFields?: { id: string; error: string }[];
}

describe('signing in', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  const signUp = async (username: string, email = `${uniqueName()}@example.com`): Promise<AuthBody> =>
    (await (await world.post('/auth/signup', signUpForm(username, email))).json()) as AuthBody;
  const signIn = (email: string, headers: Record<string, string> = {}) =>
    world.post('/auth/signin', { formFields: signUpForm('', email).formFields.slice(0, 2) }, headers);
  const signInStatus = async (email: string) => ((await (await signIn(email)).json()) as AuthBody).status;
  const exists = async (email: string) =>
    (
      (await (
        await fetch(`${world.url}/auth/emailpassword/email/exists?email=${encodeURIComponent(email)}`)
      ).json()) as { exists: boolean }
    ).exists;

  describe('at the sign-up', () => {
    it('makes the account and the profile, and the session works at once', async () => {
      const ann = await world.signUp();
      expect(world.profiles.get(ann.id)?.username).toBe(ann.username);
      expect((await world.gql(ME, {}, { as: ann })).data.me).toEqual({ id: `user_${ann.id}`, username: ann.username });
    });

    it.each([
      ['short', 'ab'],
      ['long', 'x'.repeat(31)],
      ['with a space', 'a b c'],
      ['with a dot at its end', 'abc.'],
      ['reserved', 'Admin'],
    ])('refuses a username that is %s, and makes no account', async (_name, username) => {
      const email = `${uniqueName()}@example.com`;
      expect(await signUp(username, email)).toMatchObject({
        status: 'FIELD_ERROR',
        formFields: [{ id: 'username', error: expect.stringMatching(/username/i) }],
      });
      expect(await exists(email)).toBe(false);
      expect(world.callsOf(userRpc.createProfile)).toHaveLength(0);
    });

    it('refuses a form without a username', async () => {
      const form = { formFields: signUpForm('', `${uniqueName()}@example.com`).formFields.slice(0, 2) };
      const body = (await (await world.post('/auth/signup', form)).json()) as AuthBody;
      expect(body).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'username' }] });
    });

    it('refuses a taken username in any case, and makes no account', async () => {
      const ann = await world.signUp();
      const email = `${uniqueName()}@example.com`;
      expect(await signUp(ann.username.toUpperCase(), email)).toMatchObject({
        status: 'FIELD_ERROR',
        formFields: [{ id: 'username', error: expect.stringContaining('taken') }],
      });
      expect(await exists(email)).toBe(false);
    });

    it('refuses a known e-mail, and takes no username for it', async () => {
      const ann = await world.signUp();
      const username = uniqueName();
      expect(await signUp(username, ann.email)).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'email' }] });
      expect([...world.profiles.values()].map((profile) => profile.username)).not.toContain(username);
    });

    it('leaves no account behind when somebody takes the name in between', async () => {
      const email = `${uniqueName()}@example.com`;
      await withAnswer(
        userRpc.createProfile,
        () => {
          throw new AppError('CONFLICT', 'taken', { reason: 'USERNAME_TAKEN', path: ['username'] });
        },
        async () => {
          expect(await signUp(uniqueName(), email)).toMatchObject({
            status: 'FIELD_ERROR',
            formFields: [{ id: 'username', error: expect.stringContaining('taken') }],
          });
        },
      );
      expect(await exists(email)).toBe(false);
      expect(await signInStatus(email)).toBe('WRONG_CREDENTIALS_ERROR');
      expect((await signUp(uniqueName(), email)).status).toBe('OK');
    });

    it('is answered 503 while nobody can tell whether the username is free, and makes no account', async () => {
      const email = `${uniqueName()}@example.com`;
      await withAnswer(userRpc.profileByUsername, away, async () => {
        const response = await world.post('/auth/signup', signUpForm(uniqueName(), email));
        expect([response.status, await response.json()]).toEqual([
          503,
          failureBody({ code: 'UNAVAILABLE', message: expect.any(String), retryAfterSeconds: 5 }),
        ]);
      });
      expect(await exists(email)).toBe(false);
      expect((await signUp(uniqueName(), email)).status).toBe('OK');
    });

    it('makes the profile with the wished name later when the user service goes away in between', async () => {
      const username = uniqueName();
      let user: TestUser | undefined;
      await withAnswer(userRpc.createProfile, away, async () => void (user = await world.signUp(username)));
      expect(world.profiles.has(user!.id)).toBe(false);
      expect((await world.gql(ME, {}, { as: user! })).data.me.username).toBe(username);
    });

    it('takes only addresses that mails can be sent to', async () => {
      for (const email of [
        'ann',
        'ann@localhost',
        'ann@example.com, bo@example.com',
        `${'a'.repeat(250)}@example.com`,
        'mi\u212Ae@example.com',
      ]) {
        expect(await signUp(uniqueName(), email)).toMatchObject({
          status: 'FIELD_ERROR',
          formFields: [{ id: 'email' }],
        });
      }
      const username = uniqueName();
      expect((await signUp(username, ` ${username.toUpperCase()}@Example.com `)).status).toBe('OK');
      expect(await signInStatus(`${username}@example.com`)).toBe('OK');
    });

    it('adds digits to the wished name when somebody has taken it meanwhile', async () => {
      const username = uniqueName();
      let user: TestUser | undefined;
      await withAnswer(userRpc.createProfile, away, async () => void (user = await world.signUp(username)));
      await withAnswer(
        userRpc.createProfile,
        ({ userId, username: wished }) => {
          if (wished === username) throw new AppError('CONFLICT', 'taken');
          const profile = aProfile({ id: userId, username: wished });
          world.profiles.set(userId, profile);
          return profile;
        },
        async () => {
          const { data } = await world.gql(ME, {}, { as: user! });
          expect(data.me.username).toMatch(new RegExp(`^${username}_\\d{4,6}$`));
        },
      );
    });

    it('looks for the profile once and not at every request', async () => {
      const ann = await world.signUp();
      world.clearCalls();
      await world.answer(postRpc.byIds, () => []);
      for (let i = 0; i < 3; i++) await world.gql(`{ post(id: "post_${newId()}") { id } }`, {}, { as: ann });
      expect(world.callsOf(userRpc.profilesByIds)).toHaveLength(0);
    });
  });

  describe('in header mode', () => {
    it('answers 401 for a token that is forged, so that the client refreshes', async () => {
      const ann = await world.signUp();
      const [head, payload] = ann.token.split('.');
      const response = await world.post(
        '/graphql',
        { query: ME },
        { authorization: `Bearer ${head}.${payload}.${Buffer.alloc(256).toString('base64url')}` },
      );
      expect([response.status, await response.json()]).toEqual([401, failureBody({ message: 'try refresh token' })]);
    });

    it('refuses a token that is none, and makes no visitor of its sender', async () => {
      const { status, headers } = await world.gql(ME, {}, { headers: { authorization: 'Bearer nonsense' } });
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    });

    it('refreshes, hands out the final token with the first request, and goes on with either', async () => {
      const ann = await world.signUp();
      const refreshed = await fetch(`${world.url}/auth/session/refresh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ann.refreshToken}` },
      });
      expect(refreshed.status).toBe(200);
      const fresh = { ...ann, token: refreshed.headers.get('st-access-token')! };
      const first = await world.gql(ME, {}, { as: fresh });
      const finalToken = first.headers.get('st-access-token');
      expect([first.data.me.username, typeof finalToken]).toEqual([ann.username, 'string']);
      for (const token of [finalToken!, fresh.token, finalToken!])
        expect((await world.gql(ME, {}, { as: { ...ann, token } })).data.me.username).toBe(ann.username);
    });

    it('ends a session at once when its owner signs out', async () => {
      const ann = await world.signUp();
      expect((await world.gql(ME, {}, { as: ann })).data.me.username).toBe(ann.username);
      await world.post('/auth/signout', {}, { authorization: `Bearer ${ann.token}` });
      const response = await world.post('/graphql', { query: ME }, { authorization: `Bearer ${ann.token}` });
      expect([response.status, await response.json()]).toEqual([401, failureBody({ message: 'unauthorised' })]);
      expect(await signInStatus(ann.email)).toBe('OK');
    });

    it('ends a session at once that ended in another gateway process', async () => {
      const ann = await world.signUp();
      await world.gql(ME, {}, { as: ann });
      const { sessionHandle } = JSON.parse(Buffer.from(ann.token.split('.')[1]!, 'base64url').toString()) as {
        sessionHandle: string;
      };
      world.messaging.bus.broadcast(sessionsRevoked, [sessionHandle]);
      await eventually(
        async () =>
          (await world.post('/graphql', { query: ME }, { authorization: `Bearer ${ann.token}` })).status === 401,
      );
    });

    it('never mixes up two users', async () => {
      const users = await Promise.all([world.signUp(), world.signUp(), world.signUp()]);
      const names = await Promise.all(
        [...users, ...users].map(async (user) => (await world.gql(ME, {}, { as: user })).data.me.username),
      );
      expect(names).toEqual([...users, ...users].map((user) => user.username));
    });
  });

  describe('in cookie mode', () => {
    const cookiesOf = (response: Response) =>
      response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0]!)
        .join('; ');

    it('keeps the session in cookies that scripts cannot read', async () => {
      const ann = await world.signUp();
      const response = await signIn(ann.email, { 'st-auth-mode': 'cookie' });
      const access = response.headers.getSetCookie().find((cookie) => cookie.startsWith('sAccessToken='))!;
      expect(access).toMatch(/HttpOnly/i);
      expect(access).toMatch(/SameSite=Lax/i);
      expect(response.headers.get('st-access-token')).toBeNull();
      const cookie = cookiesOf(response);
      for (let i = 0; i < 2; i++)
        expect((await world.gql(ME, {}, { headers: { cookie, rid: 'anti-csrf' } })).data.me.username).toBe(
          ann.username,
        );
    });

    it('refuses cookies twice over and goes by neither', async () => {
      const [ann, bo] = [await world.signUp(), await world.signUp()];
      const cookie = `sAccessToken=${ann.token}; sAccessToken=${bo.token}`;
      expect((await world.post('/graphql', { query: ME }, { cookie, rid: 'anti-csrf' })).status).toBe(401);
    });

    it('clears the cookies when the owner signs out, and the session is over', async () => {
      const ann = await world.signUp();
      const cookie = cookiesOf(await signIn(ann.email, { 'st-auth-mode': 'cookie' }));
      await world.gql(ME, {}, { headers: { cookie, rid: 'anti-csrf' } });
      await world.post('/auth/signout', {}, { cookie, rid: 'anti-csrf' });
      expect((await world.post('/graphql', { query: ME }, { cookie, rid: 'anti-csrf' })).status).toBe(401);
    });

    it('lets only our own web client read answers with credentials', async () => {
      const preflight = (origin: string) =>
        fetch(`${world.url}/graphql`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'idempotency-key',
          },
        });
      const own = await preflight('http://127.0.0.1:3000');
      expect([
        own.headers.get('access-control-allow-origin'),
        own.headers.get('access-control-allow-credentials'),
      ]).toEqual(['http://127.0.0.1:3000', 'true']);
      expect(own.headers.get('access-control-allow-headers')).toMatch(/idempotency-key.*st-auth-mode/);
      expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    });
  });

  describe('as an endpoint', () => {
    it('refuses a wrong password and an unknown e-mail alike', async () => {
      const ann = await world.signUp();
      const wrong = await world.post('/auth/signin', {
        formFields: [
          { id: 'email', value: ann.email },
          { id: 'password', value: 'wrong-horse-1' },
        ],
      });
      expect((await wrong.json()) as AuthBody).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
      expect(await signInStatus(`${uniqueName()}@example.com`)).toBe('WRONG_CREDENTIALS_ERROR');
    });

    it('writes a wrong password down in the history of the account, and for an unknown address nothing', async () => {
      const ann = await world.signUp();
      world.clearCalls();
      await world.post(
        '/auth/signin',
        {
          formFields: [
            { id: 'email', value: ` ${ann.email.toUpperCase()}` },
            { id: 'password', value: 'wrong-horse-1' },
          ],
        },
        { 'x-forwarded-for': '192.0.2.7', 'user-agent': 'Test/1.0' },
      );
      await signInStatus(`${uniqueName()}@example.com`);
      const wrong = () => world.callsOf(signInRpc.record).filter(({ input }) => input.outcome === 'WRONG_PASSWORD');
      await eventually(() => wrong().length > 0);
      expect(wrong().map(({ input }) => input)).toEqual([
        {
          userId: ann.id,
          client: { ipAddress: '192.0.2.7', userAgent: 'Test/1.0' },
          method: 'PASSWORD',
          outcome: 'WRONG_PASSWORD',
          sessionHandle: null,
        },
      ]);
    });

    it('answers an unknown path and a broken body as what they are', async () => {
      expect((await world.post('/auth/nothing', {})).status).toBe(404);
      const broken = await fetch(`${world.url}/auth/signin`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{',
      });
      expect(broken.status).toBe(400);
      expect((await world.post('/auth/signin', {})).status).toBe(400);
    });
  });

  async function withAnswer<C extends Parameters<World['answer']>[0]>(
    contract: C,
    answer: Parameters<typeof world.answer<C>>[1],
    work: () => Promise<void>,
  ): Promise<void> {
    const before = world.handlerOf(contract);
    await world.answer(contract, answer);
    try {
      await work();
    } finally {
      await world.answer(contract, before);
    }
  }
});
