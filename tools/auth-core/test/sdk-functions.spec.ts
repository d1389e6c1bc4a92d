import supertokens from 'supertokens-node';
import emailPassword from 'supertokens-node/recipe/emailpassword';
import emailVerification from 'supertokens-node/recipe/emailverification';
import passwordless from 'supertokens-node/recipe/passwordless';
import session from 'supertokens-node/recipe/session';
import { BooleanClaim } from 'supertokens-node/recipe/session/claims';
import thirdParty from 'supertokens-node/recipe/thirdparty';
import userMetadata from 'supertokens-node/recipe/usermetadata';
import userRoles from 'supertokens-node/recipe/userroles';
import { World } from './world.js';

/** The functions of the SDK that a server calls by itself, each with every status that it can come back with. */
let world: World;

beforeAll(async () => {
  world = await World.create();
  const silent = {
    emailDelivery: {
      override: <Delivery extends object>(original: Delivery) => ({ ...original, sendEmail: async () => undefined }),
    },
  };
  supertokens.init({
    framework: 'fastify',
    supertokens: { connectionURI: await world.connectionUri(), apiKey: world.apiKey },
    appInfo: { appName: 'test', apiDomain: 'http://127.0.0.1:9', websiteDomain: 'http://127.0.0.1:9' },
    telemetry: false,
    recipeList: [
      emailPassword.init(silent),
      thirdParty.init(),
      passwordless.init({ contactMethod: 'EMAIL', flowType: 'USER_INPUT_CODE_AND_MAGIC_LINK', ...silent }),
      emailVerification.init({ mode: 'OPTIONAL', ...silent }),
      session.init({ getTokenTransferMethod: () => 'header' }),
      userRoles.init(),
      userMetadata.init(),
    ],
  });
});
afterAll(() => world.drop());

const idOf = (userId: string) => supertokens.convertToRecipeUserId(userId);
const password = 'correct horse 1';

/** Narrows an answer of the SDK to the good one. */
function good<Answer extends { status: string }>(answer: Answer): Extract<Answer, { status: 'OK' }> {
  if (answer.status !== 'OK') throw new Error(JSON.stringify(answer));
  return answer as Extract<Answer, { status: 'OK' }>;
}

async function signUp(email = world.email()) {
  const { user } = good(await emailPassword.signUp('public', email, password));
  return { userId: user.id, email };
}

const open = (userId: string, claims = {}, data = {}) =>
  session.createNewSessionWithoutRequestResponse('public', idOf(userId), claims, data);

describe('sessions', () => {
  it('are opened, shown and revoked by handle, several handles and user', async () => {
    const { userId } = await signUp();
    const opened = [
      await open(userId, { plan: 'free' }, { device: 'tv' }),
      await open(userId),
      await open(userId),
      await open(userId),
    ];
    const [first, ...others] = opened.map((each) => each.getHandle()) as [string, string, string, string];
    expect(opened[0]!.getUserId()).toBe(userId);
    expect(await session.getSessionInformation(first)).toMatchObject({
      sessionHandle: first,
      userId,
      tenantId: 'public',
      sessionDataInDatabase: { device: 'tv' },
      customClaimsInAccessTokenPayload: { plan: 'free' },
      expiry: expect.any(Number),
      timeCreated: expect.any(Number),
    });
    expect((await session.getAllSessionHandlesForUser(userId)).sort()).toEqual([first, ...others].sort());
    expect([await session.revokeSession(first), await session.revokeSession(first)]).toEqual([true, false]);
    expect((await session.revokeMultipleSessions([others[0], 'nonsense', others[1]])).sort()).toEqual(
      others.slice(0, 2).sort(),
    );
    expect(await session.revokeAllSessionsForUser(userId)).toEqual([others[2]]);
    expect(await session.revokeAllSessionsForUser(userId)).toEqual([]);
    expect(await session.getSessionInformation(first)).toBeUndefined();
    expect(await opened[0]!.revokeSession()).toBeUndefined();
  });

  it('keep data that nobody outside sees', async () => {
    const current = await open((await signUp()).userId, {}, { device: 'tv' });
    expect(await session.updateSessionDataInDatabase(current.getHandle(), { device: 'phone' })).toBe(true);
    expect(await current.getSessionDataFromDatabase()).toEqual({ device: 'phone' });
    await current.updateSessionDataInDatabase({ seen: [1] });
    expect((await session.getSessionInformation(current.getHandle()))?.sessionDataInDatabase).toEqual({ seen: [1] });
    expect(current.getAccessTokenPayload()).not.toHaveProperty('device');
    expect(await session.updateSessionDataInDatabase('nonsense', {})).toBe(false);
  });

  it('take claims into a token that lives on, and lose them by null', async () => {
    const current = await open((await signUp()).userId, { plan: 'free', old: 1 });
    const before = current.getAccessToken();
    await current.mergeIntoAccessTokenPayload({ plan: 'paid', old: null });
    expect(current.getAccessToken()).not.toBe(before);
    expect(current.getAccessTokenPayload()).toMatchObject({ plan: 'paid' });
    expect(current.getAccessTokenPayload()).not.toHaveProperty('old');
    // Another process reads the same from the token alone.
    const elsewhere = await session.getSessionWithoutRequestResponse(current.getAccessToken(), undefined, {
      antiCsrfCheck: false,
    });
    expect(elsewhere?.getAccessTokenPayload()).toMatchObject({ plan: 'paid' });
    expect(await session.mergeIntoAccessTokenPayload(current.getHandle(), { plan: 'gift' })).toBe(true);
    expect(await session.mergeIntoAccessTokenPayload('nonsense', { plan: 'gift' })).toBe(false);
    expect((await session.getSessionInformation(current.getHandle()))?.customClaimsInAccessTokenPayload).toMatchObject({
      plan: 'gift',
    });
  });

  it('carry claims with a value and a time', async () => {
    const claim = new BooleanClaim({ key: 'done', fetchValue: () => false });
    const current = await open((await signUp()).userId);
    await current.fetchAndSetClaim(claim);
    expect(await current.getClaimValue(claim)).toBe(false);
    await current.setClaimValue(claim, true);
    expect(await current.getClaimValue(claim)).toBe(true);
    expect(current.getAccessTokenPayload()).toMatchObject({ done: { v: true, t: expect.any(Number) } });
    const handle = current.getHandle();
    expect(await session.getClaimValue(handle, claim)).toEqual({ status: 'OK', value: true });
    expect(await session.setClaimValue(handle, claim, false)).toBe(true);
    expect(await session.getClaimValue(handle, claim)).toEqual({ status: 'OK', value: false });
    expect(await session.removeClaim(handle, claim)).toBe(true);
    expect(await session.getClaimValue(handle, claim)).toEqual({ status: 'OK', value: undefined });
    expect(await session.getClaimValue('nonsense', claim)).toEqual({ status: 'SESSION_DOES_NOT_EXIST_ERROR' });
    expect(await session.setClaimValue('nonsense', claim, true)).toBe(false);
  });

  it('are refreshed and distinguished from stolen ones', async () => {
    const root = await open((await signUp()).userId);
    const tokens = root.getAllSessionTokensDangerously();
    const child = await session.refreshSessionWithoutRequestResponse(tokens.refreshToken!);
    expect(child.getHandle()).toBe(root.getHandle());
    const final = await session.getSessionWithoutRequestResponse(child.getAccessToken(), undefined, {
      antiCsrfCheck: false,
    });
    expect(final?.getAllSessionTokensDangerously().accessAndFrontTokenUpdated).toBe(true);
    await expect(session.refreshSessionWithoutRequestResponse(tokens.refreshToken!)).rejects.toMatchObject({
      type: 'TOKEN_THEFT_DETECTED',
      payload: { sessionHandle: root.getHandle(), userId: root.getUserId() },
    });
    await expect(session.refreshSessionWithoutRequestResponse('nonsense')).rejects.toMatchObject({
      type: 'UNAUTHORISED',
    });
    await session.revokeSession(root.getHandle());
    const strict = session.getSessionWithoutRequestResponse(final!.getAccessToken(), undefined, {
      antiCsrfCheck: false,
      checkDatabase: true,
    });
    await expect(strict).rejects.toMatchObject({ type: 'UNAUTHORISED' });
  });
});

describe('passwords', () => {
  it('are checked without a session, the same for the unknown', async () => {
    const { userId, email } = await signUp();
    expect(await emailPassword.verifyCredentials('public', email, password)).toEqual({ status: 'OK' });
    expect(good(await emailPassword.signIn('public', email, password)).user.id).toBe(userId);
    expect(await emailPassword.verifyCredentials('public', email, 'wrong horse 1')).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    expect(await emailPassword.verifyCredentials('public', world.email(), password)).toEqual({
      status: 'WRONG_CREDENTIALS_ERROR',
    });
    expect(await emailPassword.signIn('public', email, 'wrong horse 1')).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await emailPassword.signUp('public', email, password)).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
  });

  it('and addresses are changed, under the rules or without them', async () => {
    const [{ userId, email }, rival] = [await signUp(), await signUp()];
    const update = (fields: object) => emailPassword.updateEmailOrPassword({ recipeUserId: idOf(userId), ...fields });
    expect(await update({ password: 'short' })).toMatchObject({
      status: 'PASSWORD_POLICY_VIOLATED_ERROR',
      failureReason: expect.any(String),
    });
    expect(await update({ password: 'short', applyPasswordPolicy: false })).toEqual({ status: 'OK' });
    expect((await emailPassword.verifyCredentials('public', email, 'short')).status).toBe('OK');
    expect(await update({ email: rival.email })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    const next = world.email('next');
    expect(await update({ email: next })).toEqual({ status: 'OK' });
    expect((await supertokens.getUser(userId))?.emails).toEqual([next]);
    expect(
      await emailPassword.updateEmailOrPassword({ recipeUserId: idOf(world.name()), email: world.email() }),
    ).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
  });

  it('are reset by an e-mailed token that is used once', async () => {
    const { userId, email } = await signUp();
    const write = async () => good(await emailPassword.createResetPasswordToken('public', userId, email)).token;
    expect(await emailPassword.createResetPasswordToken('public', world.name(), email)).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
    const first = await write();
    expect(await emailPassword.consumePasswordResetToken('public', first)).toEqual({ status: 'OK', userId, email });
    expect(await emailPassword.consumePasswordResetToken('public', first)).toEqual({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
    const [second, third] = [await write(), await write()];
    expect(await emailPassword.resetPasswordUsingToken('public', second, 'another horse 2')).toMatchObject({
      status: 'OK',
    });
    expect(await emailPassword.resetPasswordUsingToken('public', third, 'third horse 3')).toMatchObject({
      status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    });
    expect((await emailPassword.verifyCredentials('public', email, 'another horse 2')).status).toBe('OK');
    const link = good(await emailPassword.createResetPasswordLink('public', userId, email)).link;
    expect(new URL(link).searchParams.get('token')).toBeTruthy();
  });
});

describe('addresses', () => {
  it('are verified, unverified and verified again', async () => {
    const { userId, email } = await signUp();
    const emailToken = async () =>
      good(await emailVerification.createEmailVerificationToken('public', idOf(userId))).token;
    const link = good(await emailVerification.createEmailVerificationLink('public', idOf(userId))).link;
    const [revoked, token] = [new URL(link).searchParams.get('token')!, await emailToken()];
    expect(await emailVerification.isEmailVerified(idOf(userId))).toBe(false);
    const { user } = good(await emailVerification.verifyEmailUsingToken('public', token));
    expect([user.recipeUserId.getAsString(), user.email]).toEqual([userId, email]);
    expect(await emailVerification.verifyEmailUsingToken('public', revoked)).toEqual({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
    expect(await emailVerification.createEmailVerificationToken('public', idOf(userId))).toEqual({
      status: 'EMAIL_ALREADY_VERIFIED_ERROR',
    });
    expect(await emailVerification.unverifyEmail(idOf(userId))).toEqual({ status: 'OK' });
    expect(await emailVerification.isEmailVerified(idOf(userId))).toBe(false);
    const again = await emailToken();
    expect(await emailVerification.revokeEmailVerificationTokens('public', idOf(userId))).toEqual({ status: 'OK' });
    expect(await emailVerification.verifyEmailUsingToken('public', again)).toEqual({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
    // An address that is not the user's present one may be proven in advance.
    const next = world.email('next');
    const early = good(await emailVerification.createEmailVerificationToken('public', idOf(userId), next)).token;
    expect((await emailVerification.verifyEmailUsingToken('public', early)).status).toBe('OK');
    await emailPassword.updateEmailOrPassword({ recipeUserId: idOf(userId), email: next });
    expect((await supertokens.getUser(userId))?.loginMethods[0]?.verified).toBe(true);
  });
});

describe('users', () => {
  it('are found by what they sign in with, and removed with all of it', async () => {
    const email = world.email();
    const { userId } = await signUp(email);
    const social = good(await thirdParty.manuallyCreateOrUpdateUser('public', 'github', world.name(), email, true));
    expect(social.createdNewRecipeUser).toBe(true);
    const identity = social.user.thirdParty[0]!;
    const idsBy = async (info: Parameters<typeof supertokens.listUsersByAccountInfo>[1], isUnion = false) =>
      (await supertokens.listUsersByAccountInfo('public', info, isUnion)).map((user) => user.id);
    expect(await idsBy({ email })).toEqual([userId, social.user.id]);
    expect(await idsBy({ thirdParty: identity })).toEqual([social.user.id]);
    expect(await idsBy({ email, thirdParty: identity })).toEqual([social.user.id]);
    expect(await idsBy({ email, thirdParty: identity }, true)).toEqual([userId, social.user.id]);
    expect(await idsBy({ email: world.email() })).toEqual([]);

    await userMetadata.updateUserMetadata(userId, { theme: 'dark', gone: null });
    await open(userId);
    expect(await supertokens.deleteUser(userId)).toEqual({ status: 'OK' });
    expect(await supertokens.deleteUser(userId)).toEqual({ status: 'OK' });
    expect([await supertokens.getUser(userId), await session.getAllSessionHandlesForUser(userId)]).toEqual([
      undefined,
      [],
    ]);
    expect((await userMetadata.getUserMetadata(userId)).metadata).toEqual({});
    expect(await idsBy({ email })).toEqual([social.user.id]);
  });

  it('have metadata that are merged and cleared', async () => {
    const userId = world.name();
    expect((await userMetadata.getUserMetadata(userId)).metadata).toEqual({});
    expect((await userMetadata.updateUserMetadata(userId, { a: 1, b: { c: 2 } })).metadata).toEqual({
      a: 1,
      b: { c: 2 },
    });
    expect((await userMetadata.updateUserMetadata(userId, { a: null, b: { d: 3 } })).metadata).toEqual({ b: { d: 3 } });
    expect(await userMetadata.clearUserMetadata(userId)).toEqual({ status: 'OK' });
    expect((await userMetadata.getUserMetadata(userId)).metadata).toEqual({});
  });

  it('have roles, and roles permissions', async () => {
    const [userId, role, ghost] = [world.name(), world.name('role'), world.name('ghost')];
    expect(await userRoles.createNewRoleOrAddPermissions(role, ['a', 'b'])).toMatchObject({
      status: 'OK',
      createdNewRole: true,
    });
    expect(await userRoles.removePermissionsFromRole(role, ['a'])).toMatchObject({ status: 'OK' });
    expect(await userRoles.getPermissionsForRole(role)).toMatchObject({ status: 'OK', permissions: ['b'] });
    expect((await userRoles.getPermissionsForRole(ghost)).status).toBe('UNKNOWN_ROLE_ERROR');
    expect(await userRoles.addRoleToUser('public', userId, role)).toMatchObject({
      status: 'OK',
      didUserAlreadyHaveRole: false,
    });
    expect((await userRoles.getRolesForUser('public', userId)).roles).toEqual([role]);
    expect(await userRoles.getUsersThatHaveRole('public', role)).toMatchObject({ status: 'OK', users: [userId] });
    expect((await userRoles.getAllRoles()).roles).toContain(role);
    expect(await userRoles.removeUserRole('public', userId, role)).toMatchObject({
      status: 'OK',
      didUserHaveRole: true,
    });
    expect((await userRoles.removeUserRole('public', userId, ghost)).status).toBe('UNKNOWN_ROLE_ERROR');
    expect(await userRoles.deleteRole(role)).toMatchObject({ status: 'OK', didRoleExist: true });
    expect(await userRoles.deleteRole(role)).toMatchObject({ status: 'OK', didRoleExist: false });
  });
});

describe('codes', () => {
  it('sign in by digits or by link, and run out', async () => {
    const email = world.email();
    const sent = good(await passwordless.createCode({ tenantId: 'public', email }));
    const { preAuthSessionId, deviceId, userInputCode } = sent;
    const wrong = {
      tenantId: 'public',
      preAuthSessionId,
      deviceId,
      userInputCode: userInputCode === '000000' ? '111111' : '000000',
    };
    expect(await passwordless.consumeCode(wrong)).toEqual({
      status: 'INCORRECT_USER_INPUT_CODE_ERROR',
      failedCodeInputAttemptCount: 1,
      maximumCodeInputAttempts: 5,
    });
    expect(
      await passwordless.checkCode({ tenantId: 'public', preAuthSessionId, linkCode: sent.linkCode }),
    ).toMatchObject({ status: 'OK', consumedDevice: { failedCodeInputAttemptCount: 1, email } });
    const done = good(
      await passwordless.consumeCode({ tenantId: 'public', preAuthSessionId, deviceId, userInputCode }),
    );
    expect(done).toMatchObject({
      createdNewRecipeUser: true,
      consumedDevice: { email, failedCodeInputAttemptCount: 1 },
    });
    expect(await passwordless.consumeCode({ tenantId: 'public', preAuthSessionId, deviceId, userInputCode })).toEqual({
      status: 'RESTART_FLOW_ERROR',
    });
    const link = await passwordless.createMagicLink({ tenantId: 'public', email });
    const [id, linkCode] = [new URL(link).searchParams.get('preAuthSessionId')!, new URL(link).hash.slice(1)];
    const again = good(await passwordless.consumeCode({ tenantId: 'public', preAuthSessionId: id, linkCode }));
    expect([again.createdNewRecipeUser, again.recipeUserId.getAsString()]).toEqual([
      false,
      done.recipeUserId.getAsString(),
    ]);
    expect((await supertokens.getUser(done.user.id))?.loginMethods[0]?.verified).toBe(true);
  });

  it('are sent again, listed and revoked', async () => {
    const email = world.email();
    const sent = good(await passwordless.createCode({ tenantId: 'public', email, userInputCode: '123456' }));
    const again = { tenantId: 'public', deviceId: sent.deviceId };
    expect(await passwordless.createNewCodeForDevice({ ...again, userInputCode: '123456' })).toEqual({
      status: 'USER_INPUT_CODE_ALREADY_USED_ERROR',
    });
    expect((await passwordless.createNewCodeForDevice(again)).status).toBe('OK');
    expect(
      (await passwordless.listCodesByEmail({ tenantId: 'public', email })).map((device) => device.codes.length),
    ).toEqual([2]);
    expect(
      (await passwordless.listCodesByPreAuthSessionId({ tenantId: 'public', preAuthSessionId: sent.preAuthSessionId }))
        ?.email,
    ).toBe(email);
    expect(await passwordless.revokeAllCodes({ tenantId: 'public', email })).toEqual({ status: 'OK' });
    expect(await passwordless.listCodesByDeviceId(again)).toBeUndefined();
    expect(await passwordless.createNewCodeForDevice(again)).toEqual({ status: 'RESTART_FLOW_ERROR' });
  });

  it('belong to accounts that change their address', async () => {
    const [email, rival, next] = [world.email(), world.email(), world.email()];
    const { recipeUserId } = await passwordless.signInUp({ tenantId: 'public', email });
    await passwordless.signInUp({ tenantId: 'public', email: rival });
    expect(await passwordless.updateUser({ recipeUserId, email: rival })).toEqual({
      status: 'EMAIL_ALREADY_EXISTS_ERROR',
    });
    expect(await passwordless.updateUser({ recipeUserId, email: next })).toEqual({ status: 'OK' });
    expect(await passwordless.updateUser({ recipeUserId: idOf(world.name()), email: world.email() })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
  });
});

describe('providers', () => {
  it('say who somebody is, and the answer is an account', async () => {
    const [thirdPartyUserId, email] = [world.name(), world.email()];
    const signIn = (id: string, isVerified: boolean) =>
      thirdParty.manuallyCreateOrUpdateUser('public', 'google', thirdPartyUserId, id, isVerified);
    const first = good(await signIn(email, false));
    const second = good(await signIn(email, true));
    expect([first.createdNewRecipeUser, second.createdNewRecipeUser, second.user.id]).toEqual([
      true,
      false,
      first.user.id,
    ]);
    expect([first.user.loginMethods[0]?.verified, second.user.loginMethods[0]?.verified]).toEqual([false, true]);
    expect(await thirdParty.getProvider('public', 'nobody', undefined)).toBeUndefined();
  });
});
