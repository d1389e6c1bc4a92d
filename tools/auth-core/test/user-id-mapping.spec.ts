import { licensed } from './outside.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create({ features: ['mfa', 'account_linking'] });
});
afterAll(() => world.drop());

const newEmail = () => world.email('mapped');
const newName = () => world.name('ext');
const map = (superTokensUserId: string, externalUserId: string, more: object = {}) =>
  world.post('/recipe/userid/map', { superTokensUserId, externalUserId, ...more });
const unmap = (fields: object) => world.post('/recipe/userid/map/remove', fields);
const lookUp = (userId: string, userIdType?: string) =>
  world.get('/recipe/userid/map', { userId, ...(userIdType && { userIdType }) });
const userOf = async (userId: string) => (await world.get('/user/id', { userId })).user;

describe('a mapping', () => {
  it('is kept with its note, found from both sides, and removed', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    expect(await map(userId, ` ${name} `, { externalUserIdInfo: ' old system ' })).toEqual({ status: 'OK' });
    const mapping = { status: 'OK', superTokensUserId: userId, externalUserId: name, externalUserIdInfo: 'old system' };
    const unknown = { status: 'UNKNOWN_MAPPING_ERROR' };
    expect([
      await lookUp(userId),
      await lookUp(name),
      await lookUp(userId, 'SUPERTOKENS'),
      await lookUp(name, 'EXTERNAL'),
    ]).toEqual([mapping, mapping, mapping, mapping]);
    expect([await lookUp(userId, 'EXTERNAL'), await lookUp(name, 'SUPERTOKENS'), await lookUp('nobody')]).toEqual([
      unknown,
      unknown,
      unknown,
    ]);

    const note = (fields: object) => world.put('/recipe/userid/external-user-id-info', fields);
    expect(await note({ userId: name, userIdType: 'EXTERNAL', externalUserIdInfo: null })).toEqual({ status: 'OK' });
    expect(await lookUp(userId)).toEqual({ status: 'OK', superTokensUserId: userId, externalUserId: name });
    expect(await note({ userId: 'nobody', externalUserIdInfo: 'x' })).toEqual(unknown);

    expect(await unmap({ userId: name, userIdType: 'SUPERTOKENS' })).toEqual({ status: 'OK', didMappingExist: false });
    const address = { userId: name, email: (await userOf(name)).emails[0] };
    expect(await world.failure('POST', '/recipe/userid/map/remove', { userId: name })).toEqual([
      400,
      'UserId is already in use in EmailVerification recipe',
    ]);
    await world.post('/recipe/user/email/verify/remove', address);
    expect(await unmap({ userId: name })).toEqual({ status: 'OK', didMappingExist: true });
    expect(await unmap({ userId: name })).toEqual({ status: 'OK', didMappingExist: false });
    expect((await userOf(userId)).id).toBe(userId);
    expect(await userOf(name)).toBeUndefined();
  });

  it('is made once for a user that exists', async () => {
    const [ann, bo] = [await world.signInWith(newEmail()), await world.signInWith(newEmail())];
    const name = newName();
    await map(ann, name);
    const exists = (doesSuperTokensUserIdExist: boolean, doesExternalUserIdExist: boolean) => ({
      status: 'USER_ID_MAPPING_ALREADY_EXISTS_ERROR',
      doesSuperTokensUserIdExist,
      doesExternalUserIdExist,
    });
    expect(await map(ann, name)).toEqual(exists(true, true));
    expect(await map(ann, newName())).toEqual(exists(true, false));
    expect(await map(bo, name)).toEqual(exists(false, true));
    for (const nobody of ['nobody', name])
      expect(await map(nobody, newName())).toEqual({ status: 'UNKNOWN_SUPERTOKENS_USER_ID_ERROR' });
    const other = await world.signInWith(newEmail());
    expect(await world.failure('POST', '/recipe/userid/map', { superTokensUserId: bo, externalUserId: other })).toEqual(
      [400, 'Cannot create a userId mapping where the externalId is also a SuperTokens userID'],
    );
    expect(await world.failure('POST', '/recipe/userid/map', { superTokensUserId: ' ', externalUserId: 'x' })).toEqual([
      400,
      "Field name 'superTokensUserId' cannot be an empty String",
    ]);
    expect(await world.failure('GET', '/recipe/userid/map', { userId: 'x', userIdType: 'BOTH' })).toEqual([
      400,
      "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'",
    ]);
  });

  it('needs no words about it, and takes nothing for none (row 33)', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    expect(await map(userId, name, { externalUserIdInfo: null })).toEqual({ status: 'OK' });
    expect(await lookUp(name)).toEqual({ status: 'OK', superTokensUserId: userId, externalUserId: name });
  });

  it('does not strand what is kept under the id, unless forced', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    const keep = (id: string) => world.put('/recipe/user/metadata', { userId: id, metadataUpdate: { theme: 'dark' } });
    const inUse = [400, 'UserId is already in use in UserMetadata recipe'];
    await keep(userId);
    const fields = { superTokensUserId: userId, externalUserId: name };
    expect(await world.failure('POST', '/recipe/userid/map', fields)).toEqual(inUse);
    expect(await map(userId, name, { force: true })).toEqual({ status: 'OK' });
    await keep(name);
    expect(await world.failure('POST', '/recipe/userid/map/remove', { userId: name })).toEqual(inUse);
    expect(await unmap({ userId: name, force: true })).toEqual({ status: 'OK', didMappingExist: true });

    const other = await world.signInWith(newEmail());
    await world.newSession({ userId: other });
    expect(
      await world.failure('POST', '/recipe/userid/map', { superTokensUserId: other, externalUserId: newName() }),
    ).toEqual([400, 'UserId is already in use in Session recipe']);
  });
});

describe('the mapped id', () => {
  it('stands in every answer, and both ids are understood', async () => {
    const { userId, email, password } = await world.signUp(newEmail());
    await world.signInWith(newEmail());
    const name = newName();
    const emailToken = (await world.post('/public/recipe/user/password/reset/token', { userId, email }))
      .token as string;
    await map(userId, name);
    const user = await userOf(name);
    expect([user.id, user.loginMethods[0].recipeUserId]).toEqual([name, name]);
    expect(await userOf(userId)).toEqual(user);
    expect(await world.post('/public/recipe/signin', { email, password })).toEqual({
      status: 'OK',
      user,
      recipeUserId: name,
    });
    expect((await world.get('/public/users/by-accountinfo', { email, doUnionOfAccountInfo: 'true' })).users).toEqual([
      user,
    ]);
    expect(
      (await world.get('/public/users', { timeJoinedOrder: 'DESC' })).users.map((each: { id: string }) => each.id),
    ).toContain(name);
    expect(await world.post('/public/recipe/user/password/reset/token/consume', { token: emailToken })).toEqual({
      status: 'OK',
      userId: name,
      email,
    });
    const again = (await world.post('/public/recipe/user/password/reset/token', { userId, email })).token as string;
    expect((await world.post('/public/recipe/user/password/reset/token/consume', { token: again })).userId).toBe(name);
    for (const id of [userId, name]) {
      expect(await world.put('/recipe/user', { recipeUserId: id, password: 'another horse 2' })).toEqual({
        status: 'OK',
      });
    }
    const { session } = await world.newSession({ userId: name });
    expect([session.userId, session.recipeUserId]).toEqual([name, name]);
    expect((await world.get('/public/recipe/session/user', { userId: name })).sessionHandles).toEqual([session.handle]);
  });

  it('is the only one under which sessions are found and ended (row 9)', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    await map(userId, name);
    const { session } = await world.newSession({ userId: name });
    const list = (id: string) => world.get('/public/recipe/session/user', { userId: id });
    const end = (id: string) => world.post('/recipe/session/remove', { userId: id });
    expect(await list(userId)).toEqual({ status: 'OK', sessionHandles: [] });
    expect(await end(userId)).toEqual({ status: 'OK', sessionHandlesRevoked: [] });
    expect(await list(name)).toEqual({ status: 'OK', sessionHandles: [session.handle] });
    expect(await end(name)).toEqual({ status: 'OK', sessionHandlesRevoked: [session.handle] });
  });

  it('carries the verified e-mail over', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    await map(userId, name);
    expect((await userOf(name)).loginMethods[0].verified).toBe(true);
  });

  licensed('carries the second factor over only where it is forced to (row 45)', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    await world.post('/recipe/totp/device', { userId, deviceName: 'phone', skew: 1, period: 30 });
    const fields = { superTokensUserId: userId, externalUserId: name };
    expect(await world.failure('POST', '/recipe/userid/map', fields)).toEqual([
      400,
      'UserId is already in use in TOTP recipe',
    ]);
    expect(await map(userId, name, { force: true })).toEqual({ status: 'OK' });
    for (const id of [userId, name]) {
      expect((await world.get('/recipe/totp/device/list', { userId: id })).devices).toHaveLength(1);
    }
  });

  licensed('is the id of a linked account too', async () => {
    const [first, other] = [await world.signInWith(newEmail()), await world.signInWith(newEmail())];
    const [firstName, otherName] = [newName(), newName()];
    await map(first, firstName);
    expect((await world.post('/recipe/accountlinking/user/primary', { recipeUserId: first })).user.id).toBe(firstName);
    await world.post('/recipe/accountlinking/user/link', { recipeUserId: other, primaryUserId: first });
    await map(other, otherName);
    const user = await userOf(other);
    expect([user.id, user.loginMethods.map((method: { recipeUserId: string }) => method.recipeUserId).sort()]).toEqual([
      firstName,
      [firstName, otherName].sort(),
    ]);
    expect(await world.post('/recipe/accountlinking/user/unlink', { recipeUserId: other })).toMatchObject({
      wasLinked: true,
    });
    expect((await userOf(other)).id).toBe(otherName);
  });

  licensed('goes with the user', async () => {
    const [userId, name] = [await world.signInWith(newEmail()), newName()];
    await map(userId, name);
    await world.newSession({ userId: name });
    await world.post('/recipe/totp/device', { userId, deviceName: 'phone', skew: 1, period: 30 });
    await world.post('/user/remove', { userId });
    expect(await userOf(name)).toBeUndefined();
    expect(await lookUp(userId)).toEqual({ status: 'UNKNOWN_MAPPING_ERROR' });
    expect((await world.get('/public/recipe/session/user', { userId: name })).sessionHandles).toEqual([]);
    expect((await world.get('/recipe/totp/device/list', { userId: name })).devices).toEqual([]);
  });
});
