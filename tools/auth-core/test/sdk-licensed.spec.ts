import { randomInt } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import fastify, { type FastifyInstance } from 'fastify';
import supertokens from 'supertokens-node';
import framework from 'supertokens-node/framework/fastify';
import accountLinking from 'supertokens-node/recipe/accountlinking';
import emailPassword from 'supertokens-node/recipe/emailpassword';
import emailVerification from 'supertokens-node/recipe/emailverification';
import jwt from 'supertokens-node/recipe/jwt';
import multiFactorAuth from 'supertokens-node/recipe/multifactorauth';
import multitenancy from 'supertokens-node/recipe/multitenancy';
import passwordless from 'supertokens-node/recipe/passwordless';
import session from 'supertokens-node/recipe/session';
import thirdParty from 'supertokens-node/recipe/thirdparty';
import totp from 'supertokens-node/recipe/totp';
import { codeOf } from '../src/totp-code.js';
import { insideOnly, licensed } from './outside.js';
import { World } from './world.js';

/** The unmodified SDK with the recipes that need more of the core, on a stand-in with everything switched on. */
let world: World;
let app: FastifyInstance;
let appUrl: string;
const mails: { email?: string; userInputCode?: string }[] = [];

beforeAll(async () => {
  world = await World.create({ features: ['mfa', 'account_linking'] });
  app = fastify();
  appUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  await app.close();
  const silent = {
    emailDelivery: {
      override: <Delivery extends object>(original: Delivery) => ({ ...original, sendEmail: async () => undefined }),
    },
  };
  supertokens.init({
    framework: 'fastify',
    supertokens: { connectionURI: await world.connectionUri(), apiKey: world.apiKey },
    appInfo: { appName: 'test', apiDomain: appUrl, websiteDomain: appUrl },
    telemetry: false,
    recipeList: [
      emailPassword.init(silent),
      thirdParty.init(),
      passwordless.init({
        contactMethod: 'EMAIL_OR_PHONE',
        flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK',
        emailDelivery: { override: (original) => ({ ...original, sendEmail: async (mail) => void mails.push(mail) }) },
      }),
      emailVerification.init({ mode: 'OPTIONAL', ...silent }),
      accountLinking.init({
        shouldDoAutomaticAccountLinking: async () => ({
          shouldAutomaticallyLink: true,
          shouldRequireVerification: true,
        }),
      }),
      multiFactorAuth.init(),
      totp.init({ issuer: 'fowergram' }),
      session.init({ getTokenTransferMethod: () => 'header' }),
    ],
  });
  app = fastify();
  app.setErrorHandler(framework.errorHandler() as Parameters<FastifyInstance['setErrorHandler']>[0]);
  await app.register(framework.plugin);
  await app.listen({ host: '127.0.0.1', port: Number(new URL(appUrl).port) });
});
afterAll(async () => {
  await app.close();
  await world.drop();
});

async function request(method: 'GET' | 'POST', path: string, fields?: object) {
  const headers = { 'st-auth-mode': 'header', ...(fields && { 'content-type': 'application/json' }) };
  const response = await fetch(`${appUrl}${path}`, { method, headers, body: fields && JSON.stringify(fields) });
  // The shape differs by path; a wrong name fails its expectation.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return { status: response.status, body: (await response.json()) as any, headers: response.headers };
}

const newEmail = () => world.email();
const newPhone = () => `+49151${randomInt(10_000_000, 100_000_000)}`;

/** Narrows an answer of the SDK to the good one. */
function good<Answer extends { status: string }>(answer: Answer): Extract<Answer, { status: 'OK' }> {
  if (answer.status !== 'OK') throw new Error(JSON.stringify(answer));
  return answer as Extract<Answer, { status: 'OK' }>;
}

describe('the SDK on a stand-in with everything switched on', () => {
  licensed('signs in by mail: a code, a wrong one, the right one, once', async () => {
    const email = newEmail();
    const { body: sent } = await request('POST', '/auth/signinup/code', { email });
    expect(sent).toMatchObject({ status: 'OK', flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK' });
    const { userInputCode } = mails.find((mail) => mail.email === email)!;
    const proof = { deviceId: sent.deviceId, preAuthSessionId: sent.preAuthSessionId };
    const consume = (digits: string) =>
      request('POST', '/auth/signinup/code/consume', { ...proof, userInputCode: digits });
    const wrong = await consume(userInputCode === '000000' ? '111111' : '000000');
    expect(wrong.body).toEqual({
      status: 'INCORRECT_USER_INPUT_CODE_ERROR',
      failedCodeInputAttemptCount: 1,
      maximumCodeInputAttempts: 5,
    });
    const done = await consume(userInputCode!);
    expect(done.body).toMatchObject({
      status: 'OK',
      createdNewRecipeUser: true,
      user: { emails: [email], isPrimaryUser: true },
    });
    expect(done.headers.get('st-access-token')).toBeTruthy();
    expect((await consume(userInputCode!)).body).toEqual({ status: 'RESTART_FLOW_ERROR' });
    expect((await request('GET', `/auth/passwordless/email/exists?email=${email}`)).body).toEqual({
      status: 'OK',
      exists: true,
    });
  });

  licensed('lists and revokes codes, and changes a number', async () => {
    const [phoneNumber, next] = [newPhone(), newPhone()];
    const sent = good(await passwordless.createCode({ tenantId: 'public', phoneNumber }));
    const again = good(await passwordless.createNewCodeForDevice({ tenantId: 'public', deviceId: sent.deviceId }));
    const device = await passwordless.listCodesByDeviceId({ tenantId: 'public', deviceId: sent.deviceId });
    expect(device?.codes.map((code) => code.codeId)).toEqual([sent.codeId, again.codeId]);
    await passwordless.revokeCode({ tenantId: 'public', codeId: sent.codeId });
    await passwordless.revokeCode({ tenantId: 'public', preAuthSessionId: sent.preAuthSessionId });
    expect(await passwordless.listCodesByPhoneNumber({ tenantId: 'public', phoneNumber })).toEqual([]);
    const { user, recipeUserId } = await passwordless.signInUp({ tenantId: 'public', phoneNumber });
    expect(user.phoneNumbers).toEqual([phoneNumber]);
    expect(await passwordless.updateUser({ recipeUserId, phoneNumber: next })).toEqual({ status: 'OK' });
    expect((await supertokens.getUser(user.id))?.phoneNumbers).toEqual([next]);
  });

  insideOnly.clock('enrols an authenticator and asks it for codes', async () => {
    const { user } = good(await emailPassword.signUp('public', newEmail(), 'correct horse 1'));
    const device = good(await totp.createDevice(user.id, undefined, 'phone'));
    expect(device.qrCodeString).toContain(`secret=${device.secret}`);
    const shown = () => codeOf(device.secret, Math.floor(world.now() / 30_000));
    expect(await totp.verifyDevice('public', user.id, 'phone', shown())).toEqual({
      status: 'OK',
      wasAlreadyVerified: false,
    });
    expect(await totp.verifyTOTP('public', user.id, shown())).toEqual({
      status: 'INVALID_TOTP_ERROR',
      currentNumberOfFailedAttempts: 1,
      maxNumberOfFailedAttempts: 5,
    });
    world.later(90_000);
    expect(await totp.verifyTOTP('public', user.id, shown())).toEqual({ status: 'OK' });
    expect(await totp.updateDevice(user.id, 'phone', 'tablet')).toEqual({ status: 'OK' });
    expect((await totp.listDevices(user.id)).devices).toEqual([
      { name: 'tablet', period: 30, skew: 1, verified: true },
    ]);
    expect(await totp.removeDevice(user.id, 'tablet')).toEqual({ status: 'OK', didDeviceExist: true });
  });

  licensed('links a password to the social account of the same, verified e-mail', async () => {
    const email = newEmail();
    const social = good(await thirdParty.manuallyCreateOrUpdateUser('public', 'google', `id-${email}`, email, true));
    expect(social.user.isPrimaryUser).toBe(true);
    const byPassword = good(await emailPassword.signUp('public', email, 'correct horse 1'));
    const emailToken = good(await emailVerification.createEmailVerificationToken('public', byPassword.recipeUserId));
    const proven = good(await emailVerification.verifyEmailUsingToken('public', emailToken.token));
    expect(proven.status).toBe('OK');
    const user = await supertokens.getUser(social.user.id);
    expect(user?.loginMethods.map((method) => method.recipeId).sort()).toEqual(['emailpassword', 'thirdparty']);
    const signedIn = good(await emailPassword.signIn('public', email, 'correct horse 1'));
    expect([signedIn.user.id, signedIn.recipeUserId.getAsString()]).toEqual([
      social.user.id,
      byPassword.recipeUserId.getAsString(),
    ]);
    expect(await accountLinking.unlinkAccount(byPassword.recipeUserId)).toEqual({
      status: 'OK',
      wasRecipeUserDeleted: false,
      wasLinked: true,
    });
  });

  licensed('asks before it links, and hears why not', async () => {
    const [email, other] = [newEmail(), newEmail()];
    const first = good(await thirdParty.manuallyCreateOrUpdateUser('public', 'google', `id-${email}`, email, true));
    const rival = good(await thirdParty.manuallyCreateOrUpdateUser('public', 'github', `id-${email}`, email, false));
    const third = good(await thirdParty.manuallyCreateOrUpdateUser('public', 'google', `id-${other}`, other, true));
    expect(await accountLinking.canCreatePrimaryUser(rival.recipeUserId)).toMatchObject({
      status: 'ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR',
      primaryUserId: first.user.id,
    });
    expect(await accountLinking.linkAccounts(third.recipeUserId, first.user.id)).toMatchObject({
      status: 'RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR',
      primaryUserId: third.user.id,
    });
    expect(await accountLinking.canLinkAccounts(rival.recipeUserId, first.user.id)).toEqual({
      status: 'OK',
      accountsAlreadyLinked: false,
    });
    expect(good(await accountLinking.linkAccounts(rival.recipeUserId, first.user.id)).user.loginMethods).toHaveLength(
      2,
    );
  });

  licensed('maps an id of another system', async () => {
    const { user } = good(await emailPassword.signUp('public', newEmail(), 'correct horse 1'));
    const externalUserId = world.name('legacy');
    const mapping = { superTokensUserId: user.id, externalUserId, externalUserIdInfo: 'legacy' };
    expect(await supertokens.createUserIdMapping(mapping)).toEqual({ status: 'OK' });
    expect(await supertokens.getUserIdMapping({ userId: externalUserId })).toMatchObject({ status: 'OK', ...mapping });
    expect((await supertokens.getUser(user.id))?.id).toBe(externalUserId);
    expect(await supertokens.updateOrDeleteUserIdMappingInfo({ userId: externalUserId })).toEqual({ status: 'OK' });
    const signedIn = good(await emailPassword.signIn('public', user.emails[0]!, 'correct horse 1'));
    expect(signedIn.recipeUserId.getAsString()).toBe(externalUserId);
    await supertokens.deleteUser(externalUserId);
    expect(await supertokens.getUserIdMapping({ userId: user.id })).toEqual({ status: 'UNKNOWN_MAPPING_ERROR' });
  });

  licensed('offers a provider that is configured in the core', async () => {
    const house = world.name('house');
    const client = { clientId: 'client-1', clientSecret: 'secret' };
    const config = {
      thirdPartyId: house,
      name: 'House',
      clients: [client],
      authorizationEndpoint: 'https://house.example/authorize',
    };
    expect(await multitenancy.createOrUpdateThirdPartyConfig('public', config)).toMatchObject({
      status: 'OK',
      createdNew: true,
    });
    const { body: methods } = await request('GET', '/auth/loginmethods?tenantId=public');
    expect(methods.thirdParty.providers).toContainEqual({ id: house, name: 'House' });
    const redirect = encodeURIComponent('https://app.example/callback');
    const { body } = await request(
      'GET',
      `/auth/authorisationurl?thirdPartyId=${house}&redirectURIOnProviderDashboard=${redirect}`,
    );
    const url = new URL(body.urlWithQueryParams);
    expect([url.host, url.searchParams.get('client_id')]).toEqual(['house.example', 'client-1']);
    expect(await multitenancy.deleteThirdPartyConfig('public', house)).toMatchObject({
      status: 'OK',
      didConfigExist: true,
    });
  });

  licensed('publishes what others need to verify a token of ours', async () => {
    const { body: discovery } = await request('GET', '/auth/.well-known/openid-configuration');
    expect(discovery).toMatchObject({ issuer: `${appUrl}/auth`, jwks_uri: `${appUrl}/auth/jwt/jwks.json` });
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const made = good(await jwt.createJWT({ purpose: 'export' }, 60, true));
    const { payload, protectedHeader } = await jwtVerify(made.jwt, keys);
    expect(payload).toMatchObject({ purpose: 'export', exp: payload.iat! + 60 });
    expect([protectedHeader.alg, protectedHeader.kid?.startsWith('s-')]).toEqual(['RS256', true]);
  });
});
