import { insideOnly } from './outside.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

describe('e-mail and password', () => {
  it('signs up once per e-mail, however it is written, and in parallel too', async () => {
    const email = world.email('ann');
    const { user, recipeUserId } = await world.post('/public/recipe/signup', {
      email: ` ${email.toUpperCase()} `,
      password: 'correct horse 1',
    });
    expect(user).toEqual({
      id: recipeUserId,
      isPrimaryUser: false,
      tenantIds: ['public'],
      timeJoined: expect.any(Number),
      emails: [email],
      phoneNumbers: [],
      thirdParty: [],
      webauthn: { credentialIds: [] },
      loginMethods: [
        {
          tenantIds: ['public'],
          recipeUserId,
          verified: false,
          timeJoined: user.timeJoined,
          recipeId: 'emailpassword',
          email,
        },
      ],
    });
    const wanted = world.email('race');
    const race = Array.from({ length: 4 }, () => world.post('/public/recipe/signup', { email: wanted, password: 'x' }));
    const statuses = (await Promise.all(race)).map((answer) => answer.status as string).sort();
    expect(statuses).toEqual([...Array.from({ length: 3 }, () => 'EMAIL_ALREADY_EXISTS_ERROR'), 'OK']);
  });

  it('refuses an empty password in words', async () => {
    const answer = await world.call('POST', '/public/recipe/signup', { email: 'x@example.com', password: '' });
    expect([answer.statusCode, answer.text]).toEqual([400, 'Password cannot be an empty string\n']);
  });

  it('signs in with the right password only, and says the same of an unknown e-mail', async () => {
    const { userId, email, password } = await world.signUp();
    const signIn = (fields: object) => world.post('/public/recipe/signin', fields);
    expect(await signIn({ email: email.toUpperCase(), password })).toMatchObject({
      status: 'OK',
      recipeUserId: userId,
      user: { id: userId },
    });
    expect(await signIn({ email, password: 'wrong' })).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
    expect(await signIn({ email: world.email('nobody'), password })).toEqual({ status: 'WRONG_CREDENTIALS_ERROR' });
  });

  it('takes passwords of any letters and length', async () => {
    for (const password of ['пароль 🐎', 'x'.repeat(99), ' spaces ']) {
      const { email } = await world.signUp(undefined, password);
      expect((await world.post('/public/recipe/signin', { email, password })).status).toBe('OK');
    }
  });

  it('changes the password by an e-mailed token that works once, in time, and ends the other ones', async () => {
    const { userId, email } = await world.signUp();
    const write = async () =>
      (await world.post('/public/recipe/user/password/reset/token', { userId, email })).token as string;
    const consume = (token: string) => world.post('/public/recipe/user/password/reset/token/consume', { token });
    const [first, second] = [await write(), await write()];
    expect(await consume(first)).toEqual({ status: 'OK', userId, email });
    for (const token of [first, second, 'nonsense']) {
      expect(await consume(token)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    }
    const third = await write();
    const both = await Promise.all([consume(third), consume(third)]);
    expect(both.map((answer) => answer.status as string).sort()).toEqual(['OK', 'RESET_PASSWORD_INVALID_TOKEN_ERROR']);
    expect(await world.post('/public/recipe/user/password/reset/token', { userId: 'nobody', email })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
  });

  insideOnly.clock(
    'does not change the password by an e-mailed token that comes too late, which ends the others too',
    async () => {
      const { userId, email } = await world.signUp();
      const write = async () =>
        (await world.post('/public/recipe/user/password/reset/token', { userId, email })).token as string;
      const consume = (token: string) => world.post('/public/recipe/user/password/reset/token/consume', { token });
      const late = await write();
      world.later(3_500_000);
      const fresh = await write();
      world.later(100_001);
      expect(await consume(late)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
      expect(await consume(fresh)).toEqual({ status: 'RESET_PASSWORD_INVALID_TOKEN_ERROR' });
    },
  );

  it('updates e-mail and password, never to an e-mail that is taken', async () => {
    const [ann, bo] = [await world.signUp(), await world.signUp()];
    const update = (fields: object) => world.put('/recipe/user', { recipeUserId: ann.userId, ...fields });
    expect(await update({ email: bo.email })).toEqual({ status: 'EMAIL_ALREADY_EXISTS_ERROR' });
    const email = world.email('new');
    expect(await update({ email: email.toUpperCase(), password: 'another horse 2' })).toEqual({ status: 'OK' });
    const signIn = { email, password: 'another horse 2' };
    expect((await world.post('/public/recipe/signin', signIn)).status).toBe('OK');
    expect(await world.put('/recipe/user', { recipeUserId: 'nobody', password: 'x' })).toEqual({
      status: 'UNKNOWN_USER_ID_ERROR',
    });
    expect((await world.call('PUT', '/recipe/user', { recipeUserId: ann.userId })).statusCode).toBe(400);
  });
});

describe('e-mail verification', () => {
  const pathOf = (end: string) => `/public/recipe/user/email/verify${end}`;

  it('proves one address of one user, by an e-mailed token that works once', async () => {
    const { userId, email } = await world.signUp();
    const { token } = await world.post(pathOf('/token'), { userId, email });
    expect(await world.get('/recipe/user/email/verify', { userId, email })).toEqual({
      status: 'OK',
      isVerified: false,
    });
    expect(await world.post(pathOf(''), { method: 'token', token })).toEqual({ status: 'OK', userId, email });
    expect(await world.post(pathOf(''), { method: 'token', token })).toEqual({
      status: 'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
    });
    expect(await world.post(pathOf('/token'), { userId, email })).toEqual({ status: 'EMAIL_ALREADY_VERIFIED_ERROR' });
    const isVerified = async () => (await world.get('/user/id', { userId })).user.loginMethods[0].verified as boolean;
    expect(await isVerified()).toBe(true);

    await world.put('/recipe/user', { recipeUserId: userId, email: `other-${email}` });
    expect(await isVerified()).toBe(false);
    await world.put('/recipe/user', { recipeUserId: userId, email });
    expect(await isVerified()).toBe(true);
    await world.post('/recipe/user/email/verify/remove', { userId, email });
    expect(await isVerified()).toBe(false);
  });

  insideOnly.clock('purges e-mailed tokens when asked to and when they are old', async () => {
    const { userId, email } = await world.signUp();
    const write = async () => (await world.post(pathOf('/token'), { userId, email })).token as string;
    const removed = await write();
    await world.post(pathOf('/token/remove'), { userId, email });
    const late = await write();
    world.later(86_400_001);
    for (const token of [removed, late]) {
      expect((await world.post(pathOf(''), { method: 'token', token })).status).toBe(
        'EMAIL_VERIFICATION_INVALID_TOKEN_ERROR',
      );
    }
  });
});

describe('users', () => {
  insideOnly.apps('are listed page by page in both orders, and counted', async () => {
    await world.put('/recipe/multitenancy/app/v2', { appId: 'paging' });
    const joined: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const { user } = await world.post('/appid-paging/public/recipe/signup', {
        email: `${name}@${name}.com`,
        password: 'x',
      });
      joined.push(user.id as string);
      world.later(1000);
    }
    const allPages = async (timeJoinedOrder: string) => {
      const seen: string[] = [];
      let paginationToken: string | undefined;
      do {
        const page = await world.get('/appid-paging/public/users', {
          limit: '2',
          timeJoinedOrder,
          ...(paginationToken && { paginationToken }),
        });
        seen.push(...page.users.map((user: { id: string }) => user.id));
        paginationToken = page.nextPaginationToken;
      } while (paginationToken);
      return seen;
    };
    expect(await allPages('ASC')).toEqual(joined);
    expect(await allPages('DESC')).toEqual(joined.toReversed());
    expect(await world.get('/appid-paging/public/users/count', { includeRecipeIds: 'emailpassword' })).toEqual({
      status: 'OK',
      count: 5,
    });
    expect(await world.get('/appid-paging/public/users/count', { includeRecipeIds: 'thirdparty' })).toEqual({
      status: 'OK',
      count: 0,
    });
    expect((await world.get('/appid-paging/public/users', { email: 'c' })).users).toHaveLength(1);
  });

  it('are not listed for a nonsensical question', async () => {
    const answers = await Promise.all(
      [{ limit: '501' }, { limit: '0' }, { paginationToken: 'nonsense' }, { includeRecipeIds: 'x' }].map((query) =>
        world.call('GET', '/users', query),
      ),
    );
    expect(answers.map((answer) => [answer.statusCode, answer.text])).toEqual([
      [400, 'max limit allowed is 500\n'],
      [400, 'limit must a positive integer with min value 1\n'],
      [400, 'invalid pagination token\n'],
      [400, 'Unknown recipe ID: x\n'],
    ]);
  });

  it('are found by what they sign in with', async () => {
    const { userId, email } = await world.signUp();
    const find = async (query: object) =>
      (await world.get('/public/users/by-accountinfo', query)).users.map((user: { id: string }) => user.id);
    expect(await find({ email: email.toUpperCase(), doUnionOfAccountInfo: 'true' })).toEqual([userId]);
    expect(await find({ email, phoneNumber: '+491234567', doUnionOfAccountInfo: 'true' })).toEqual([userId]);
    expect(await find({ email, phoneNumber: '+491234567', doUnionOfAccountInfo: 'false' })).toEqual([]);
    expect(await find({ thirdPartyId: 'google', thirdPartyUserId: '1', doUnionOfAccountInfo: 'false' })).toEqual([]);
    expect(await find({ doUnionOfAccountInfo: 'true' })).toEqual([]);
  });

  it('leave nothing when they are removed', async () => {
    const { userId, email, password } = await world.signUp();
    await world.newSession({ userId });
    const role = world.name('leaver');
    await world.put('/recipe/role', { role });
    await world.put('/public/recipe/user/role', { userId, role });
    await world.put('/recipe/user/metadata', { userId, metadataUpdate: { a: 1 } });
    const { token } = await world.post('/public/recipe/user/password/reset/token', { userId, email });
    const emailToken = await world.post('/public/recipe/user/email/verify/token', { userId, email });
    const other = { userId, email: world.email() };
    const proof = await world.post('/public/recipe/user/email/verify/token', other);
    await world.post('/public/recipe/user/email/verify', { method: 'token', token: proof.token });

    expect(await world.post('/user/remove', { userId })).toEqual({ status: 'OK' });
    expect(await world.get('/recipe/user/email/verify', other)).toEqual({ status: 'OK', isVerified: false });
    expect(await world.get('/user/id', { userId })).toEqual({ status: 'UNKNOWN_USER_ID_ERROR' });
    expect((await world.get('/public/recipe/session/user', { userId })).sessionHandles).toEqual([]);
    expect((await world.get('/public/recipe/user/roles', { userId })).roles).toEqual([]);
    expect((await world.get('/recipe/user/metadata', { userId })).metadata).toEqual({});
    expect((await world.post('/public/recipe/user/password/reset/token/consume', { token })).status).toBe(
      'RESET_PASSWORD_INVALID_TOKEN_ERROR',
    );
    expect(
      (await world.post('/public/recipe/user/email/verify', { method: 'token', token: emailToken.token })).status,
    ).toBe('EMAIL_VERIFICATION_INVALID_TOKEN_ERROR');
    expect((await world.post('/public/recipe/signin', { email, password })).status).toBe('WRONG_CREDENTIALS_ERROR');
    expect(await world.post('/user/remove', { userId })).toEqual({ status: 'OK' });
    expect((await world.post('/public/recipe/signup', { email, password })).status).toBe('OK');
  });
});

describe('sessions', () => {
  it('show what they hold, and let it be replaced', async () => {
    const { session, accessToken } = await world.newSession({
      userDataInJWT: { plan: 'free' },
      userDataInDatabase: { device: 'phone' },
    });
    const sessionHandle = session.handle as string;
    expect(await world.get('/recipe/session', { sessionHandle })).toEqual({
      status: 'OK',
      sessionHandle,
      userId: 'ann',
      recipeUserId: 'ann',
      tenantId: 'public',
      userDataInJWT: { plan: 'free' },
      userDataInDatabase: { device: 'phone' },
      expiry: expect.any(Number),
      timeCreated: expect.any(Number),
    });
    expect(await world.put('/recipe/session/data', { sessionHandle, userDataInDatabase: { device: 'tv' } })).toEqual({
      status: 'OK',
    });
    const fresh = await world.post('/recipe/session/regenerate', {
      accessToken: accessToken.token,
      userDataInJWT: { plan: 'paid' },
    });
    expect(fresh.accessToken.expiry).toBe(accessToken.expiry);
    expect(fresh.session).toEqual({ ...session, userDataInJWT: { plan: 'paid' } });
    expect(await world.get('/recipe/session', { sessionHandle })).toMatchObject({
      userDataInJWT: { plan: 'paid' },
      userDataInDatabase: { device: 'tv' },
    });
  });

  insideOnly.clock('take new claims by an expired token, which is not renewed', async () => {
    const { session, accessToken } = await world.newSession();
    world.later(3_600_001);
    const late = await world.post('/recipe/session/regenerate', {
      accessToken: accessToken.token,
      userDataInJWT: { plan: 'late' },
    });
    expect(late).toEqual({ status: 'OK', session: { ...session, userDataInJWT: { plan: 'late' } } });
    expect((await world.get('/recipe/session', { sessionHandle: session.handle })).userDataInJWT).toEqual({
      plan: 'late',
    });
  });

  it('are listed and ended by user or by handle, never by both', async () => {
    const { userId } = await world.signUp();
    const handles = [];
    for (let count = 0; count < 3; count++) handles.push((await world.newSession({ userId })).session.handle as string);
    const list = async () => (await world.get('/public/recipe/session/user', { userId })).sessionHandles.sort();
    expect(await list()).toEqual(handles.toSorted());
    const first = { sessionHandles: [handles[0], 'nonsense'] };
    expect(await world.post('/recipe/session/remove', first)).toEqual({
      status: 'OK',
      sessionHandlesRevoked: [handles[0]],
    });
    const rest = await world.post('/public/recipe/session/remove', { userId });
    expect(rest.sessionHandlesRevoked.sort()).toEqual(handles.slice(1).sort());
    expect(await list()).toEqual([]);
    for (const wrong of [{}, { userId, sessionHandles: [] }]) {
      expect((await world.call('POST', '/recipe/session/remove', wrong)).statusCode).toBe(400);
    }
    expect(await world.get('/recipe/session', { sessionHandle: handles[0] })).toMatchObject({ status: 'UNAUTHORISED' });
  });

  insideOnly.clock('end by themselves after a hundred days', async () => {
    const { session, refreshToken } = await world.newSession();
    world.later(100 * 86_400_000 + 1);
    expect((await world.get('/recipe/session', { sessionHandle: session.handle })).status).toBe('UNAUTHORISED');
    expect((await world.refresh(refreshToken.token)).status).toBe('UNAUTHORISED');
  });
});
