import fastify, { type FastifyInstance } from 'fastify';
import supertokens from 'supertokens-node';
import framework from 'supertokens-node/framework/fastify';
import emailPassword from 'supertokens-node/recipe/emailpassword';
import emailVerification from 'supertokens-node/recipe/emailverification';
import session from 'supertokens-node/recipe/session';
import thirdParty from 'supertokens-node/recipe/thirdparty';
import userMetadata from 'supertokens-node/recipe/usermetadata';
import userRoles from 'supertokens-node/recipe/userroles';
import { insideOnly } from './outside.js';
import { World } from './world.js';

/** The unmodified SDK and a Fastify application, talking to the stand-in over a socket, as the gateway does. */
let world: World;
let app: FastifyInstance;
let appUrl: string;
const coreCalls: string[] = [];

beforeAll(async () => {
  world = await World.create();
  supertokens.init({
    framework: 'fastify',
    supertokens: {
      connectionURI: await world.connectionUri(),
      apiKey: world.apiKey,
      networkInterceptor: (request) => {
        coreCalls.push(`${request.method.toUpperCase()} ${new URL(request.url).pathname.slice(world.prefix.length)}`);
        return request;
      },
    },
    appInfo: { appName: 'test', apiDomain: 'http://127.0.0.1:9', websiteDomain: 'http://127.0.0.1:9' },
    telemetry: false,
    recipeList: [
      emailPassword.init(),
      thirdParty.init(),
      emailVerification.init({
        mode: 'OPTIONAL',
        emailDelivery: { override: (original) => ({ ...original, sendEmail: async () => undefined }) },
      }),
      session.init({ getTokenTransferMethod: () => 'header' }),
      userRoles.init(),
      userMetadata.init(),
    ],
  });
  app = fastify();
  app.setErrorHandler(framework.errorHandler() as Parameters<FastifyInstance['setErrorHandler']>[0]);
  await app.register(framework.plugin);
  app.get('/me', async (request, reply) => {
    const current = await session.getSession(request, reply);
    return { userId: current.getUserId(), claims: current.getAccessTokenPayload() as object };
  });
  app.get('/strict', async (request, reply) => {
    const current = await session.getSession(request, reply, { checkDatabase: true });
    return { userId: current.getUserId() };
  });
  appUrl = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  await world.drop();
});
beforeEach(() => {
  coreCalls.length = 0;
});

interface Tokens {
  access: string;
  refresh: string;
}

async function request(method: 'GET' | 'POST', path: string, token?: string, fields?: object) {
  const response = await fetch(`${appUrl}${path}`, {
    method,
    headers: {
      'st-auth-mode': 'header',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(fields && { 'content-type': 'application/json' }),
    },
    body: fields && JSON.stringify(fields),
  });
  const tokens: Tokens = {
    access: response.headers.get('st-access-token') ?? '',
    refresh: response.headers.get('st-refresh-token') ?? '',
  };
  // The shape differs by path; a wrong name fails its expectation.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return { status: response.status, tokens, body: (await response.json()) as any };
}

function form(email: string, password = 'correct horse 1') {
  return {
    formFields: [
      { id: 'email', value: email },
      { id: 'password', value: password },
    ],
  };
}

let users = 0;
let removed = 0;
async function signUp() {
  users++;
  const email = world.email();
  const answer = await request('POST', '/auth/signup', undefined, form(email));
  expect(answer.body.status).toBe('OK');
  return { email, userId: answer.body.user.id as string, tokens: answer.tokens };
}

const refresh = (tokens: Tokens) => request('POST', '/auth/session/refresh', tokens.refresh);
const me = (tokens: Tokens) => request('GET', '/me', tokens.access);

describe('the SDK on the stand-in', () => {
  it('signs up, and takes an e-mail once', async () => {
    const { email, userId, tokens } = await signUp();
    expect((await me(tokens)).body).toMatchObject({ userId, claims: { 'st-ev': { v: false }, 'st-role': { v: [] } } });
    const again = await request('POST', '/auth/signup', undefined, form(email));
    expect(again.body).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'email' }] });
    const exists = await request('GET', `/auth/emailpassword/email/exists?email=${email}`);
    expect(exists.body).toEqual({ status: 'OK', exists: true });
  });

  it('signs in with the right password only', async () => {
    const { email, userId } = await signUp();
    expect((await request('POST', '/auth/signin', undefined, form(email, 'wrong horse 1'))).body.status).toBe(
      'WRONG_CREDENTIALS_ERROR',
    );
    const { body, tokens } = await request('POST', '/auth/signin', undefined, form(email));
    expect(body).toMatchObject({ status: 'OK', user: { id: userId, emails: [email] } });
    expect((await me(tokens)).body.userId).toBe(userId);
  });

  it('asks the core nothing for a request with a final session', async () => {
    const { tokens } = await signUp();
    await me(tokens);
    coreCalls.length = 0;
    expect((await me(tokens)).status).toBe(200);
    expect(coreCalls).toEqual([]);
  });

  it('finalises a refreshed session at its first use, and hands the final token out', async () => {
    const { tokens } = await signUp();
    const refreshed = await refresh(tokens);
    expect(refreshed.status).toBe(200);
    coreCalls.length = 0;
    const first = await me(refreshed.tokens);
    expect([first.status, coreCalls]).toEqual([200, ['POST /recipe/session/verify']]);
    coreCalls.length = 0;
    const second = await me({ ...refreshed.tokens, access: first.tokens.access });
    expect([second.status, second.tokens.access, coreCalls]).toEqual([200, '', []]);
  });

  it('forgives a lost answer', async () => {
    const { tokens } = await signUp();
    await refresh(tokens);
    const again = await refresh(tokens);
    expect(again.status).toBe(200);
    expect((await me(again.tokens)).status).toBe(200);
  });

  it('ends the session when an old refresh token comes back', async () => {
    const { tokens } = await signUp();
    const refreshed = await refresh(tokens);
    await me(refreshed.tokens);
    const theft = await refresh(tokens);
    expect([theft.status, theft.body]).toEqual([401, { message: 'token theft detected' }]);
    expect((await refresh(refreshed.tokens)).status).toBe(401);
    expect((await request('GET', '/strict', refreshed.tokens.access)).status).toBe(401);
  });

  it('signs out for good', async () => {
    const { tokens, userId } = await signUp();
    expect((await request('POST', '/auth/signout', tokens.access)).body).toEqual({ status: 'OK' });
    expect(await session.getAllSessionHandlesForUser(userId)).toEqual([]);
    expect((await refresh(tokens)).status).toBe(401);
    expect((await request('GET', '/strict', tokens.access)).status).toBe(401);
  });

  it('puts roles and permissions into the claims at the next sign-in', async () => {
    const { email, userId } = await signUp();
    const role = world.name('moderator');
    await userRoles.createNewRoleOrAddPermissions(role, ['post:hide']);
    expect(await userRoles.addRoleToUser('public', userId, role)).toMatchObject({ status: 'OK' });
    expect((await userRoles.addRoleToUser('public', userId, world.name('ghost'))).status).toBe('UNKNOWN_ROLE_ERROR');
    const { tokens } = await request('POST', '/auth/signin', undefined, form(email));
    expect((await me(tokens)).body.claims).toMatchObject({ 'st-role': { v: [role] }, 'st-perm': { v: ['post:hide'] } });
  });

  it('merges claims into a living session', async () => {
    const { tokens } = await signUp();
    const handle = (await me(tokens)).body.claims.sessionHandle as string;
    expect(await session.mergeIntoAccessTokenPayload(handle, { plan: 'paid' })).toBe(true);
    const strict = await request('GET', '/strict', tokens.access);
    expect((await me({ ...tokens, access: strict.tokens.access })).body.claims).toMatchObject({ plan: 'paid' });
  });

  it('verifies an e-mail by an e-mailed token', async () => {
    const { email, userId } = await signUp();
    const recipeUserId = supertokens.convertToRecipeUserId(userId);
    const emailToken = await emailVerification.createEmailVerificationToken('public', recipeUserId);
    if (emailToken.status !== 'OK') throw new Error(emailToken.status);
    expect(await emailVerification.verifyEmailUsingToken('public', emailToken.token)).toMatchObject({
      status: 'OK',
      user: { email },
    });
    expect(await emailVerification.isEmailVerified(recipeUserId)).toBe(true);
    expect((await supertokens.getUser(userId))?.loginMethods[0]?.verified).toBe(true);
  });

  it('changes a forgotten password', async () => {
    const { email, userId } = await signUp();
    const emailToken = await emailPassword.createResetPasswordToken('public', userId, email);
    if (emailToken.status !== 'OK') throw new Error(emailToken.status);
    const fields = {
      method: 'token',
      token: emailToken.token,
      formFields: [{ id: 'password', value: 'another horse 2' }],
    };
    expect((await request('POST', '/auth/user/password/reset', undefined, fields)).body.status).toBe('OK');
    expect((await request('POST', '/auth/signin', undefined, form(email))).body.status).toBe('WRONG_CREDENTIALS_ERROR');
    expect((await request('POST', '/auth/signin', undefined, form(email, 'another horse 2'))).body.status).toBe('OK');
  });

  it('knows the account of a provider again, also under a new address', async () => {
    const [googleId, oldEmail, newEmail] = [world.name('google'), world.email('old'), world.email('new')];
    const signInUp = (email: string, isVerified: boolean) =>
      thirdParty.manuallyCreateOrUpdateUser('public', 'google', googleId, email, isVerified);
    const first = await signInUp(oldEmail.toUpperCase(), true);
    const second = await signInUp(newEmail, false);
    const third = await signInUp(oldEmail, false);
    users++;
    if (first.status !== 'OK' || second.status !== 'OK' || third.status !== 'OK') throw new Error('not signed in');
    expect([first.createdNewRecipeUser, second.createdNewRecipeUser]).toEqual([true, false]);
    expect([second.user.id, third.user.id]).toEqual([first.user.id, first.user.id]);
    const [method] = second.user.loginMethods;
    expect(method).toMatchObject({ email: newEmail, verified: false, thirdParty: { id: 'google', userId: googleId } });
    // What was proven once stays proven for that address.
    expect(third.user.loginMethods[0]).toMatchObject({ email: oldEmail, verified: true });
  });

  it('keeps metadata, lists users and removes them', async () => {
    const { userId, tokens } = await signUp();
    await userMetadata.updateUserMetadata(userId, { theme: 'dark' });
    expect((await userMetadata.getUserMetadata(userId)).metadata).toEqual({ theme: 'dark' });
    const newest = await supertokens.getUsersNewestFirst({ tenantId: 'public', limit: 100 });
    expect(newest.users.map((user) => user.id)).toContain(userId);
    await supertokens.deleteUser(userId);
    removed++;
    expect(await supertokens.getUser(userId)).toBeUndefined();
    expect((await request('GET', '/strict', tokens.access)).status).toBe(401);
    expect((await userMetadata.getUserMetadata(userId)).metadata).toEqual({});
  });

  insideOnly.apps('counts users', async () => {
    const { userId } = await signUp();
    expect(await supertokens.getUserCount()).toBe(users - removed);
    const newest = await supertokens.getUsersNewestFirst({ tenantId: 'public', limit: 1 });
    expect(newest.users.map((user) => user.id)).toEqual([userId]);
  });
});
