import { insideOnly } from './outside.js';
import { expectText, refusesWrongFields } from './table.js';
import { World } from './world.js';

/** The user object and the requests that show and remove users. */
let world: World;
beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.drop());

refusesWrongFields(
  () => world,
  [
    { request: 'GET /user/id', fields: { userId: 'x' } },
    { request: 'GET /public/users/by-accountinfo', fields: { doUnionOfAccountInfo: 'true' } },
    { request: 'POST /user/remove', fields: { userId: 'x' }, optional: { removeAllLinkedAccounts: true } },
  ],
);

describe('the user object', () => {
  it('leaves out what a login method has not, and keeps the empty lists at the top', async () => {
    const [email, thirdPartyUserId] = [world.email(), world.name('google')];
    const fields = { thirdPartyId: 'google', thirdPartyUserId, email: { id: email, isVerified: true } };
    const { status, createdNewUser, recipeUserId, user } = await world.post('/public/recipe/signinup', fields);
    const thirdParty = { id: 'google', userId: thirdPartyUserId };
    expect([status, createdNewUser, recipeUserId]).toEqual([
      'OK',
      true,
      expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    ]);
    expect(user).toEqual({
      id: recipeUserId,
      isPrimaryUser: false,
      tenantIds: ['public'],
      timeJoined: expect.any(Number),
      emails: [email],
      phoneNumbers: [],
      thirdParty: [thirdParty],
      webauthn: { credentialIds: [] },
      loginMethods: [
        {
          tenantIds: ['public'],
          recipeUserId,
          verified: true,
          timeJoined: user.timeJoined,
          recipeId: 'thirdparty',
          email,
          thirdParty,
        },
      ],
    });
    expect(Object.keys(user.loginMethods[0])).not.toContain('phoneNumber');
    expect(await world.get('/user/id', { userId: recipeUserId })).toEqual({ status: 'OK', user });
    expect(await world.post('/public/recipe/signinup', fields)).toEqual({
      status: 'OK',
      createdNewUser: false,
      recipeUserId,
      user,
    });
  });

  it('is JSON, and so is the answer that there is none', async () => {
    const answer = await world.call('GET', '/user/id', { userId: world.name() });
    expect([answer.statusCode, answer.body]).toEqual([200, { status: 'UNKNOWN_USER_ID_ERROR' }]);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });
});

describe('a list of users', () => {
  it('is refused in words when it is asked for wrongly', async () => {
    const refused: [Record<string, string>, string][] = [
      [{ limit: '501' }, 'max limit allowed is 500'],
      [{ limit: '0' }, 'limit must a positive integer with min value 1'],
      [{ limit: '-1' }, 'limit must a positive integer with min value 1'],
      [{ limit: 'many' }, "Field name 'limit' must be an int in the GET request"],
      [{ limit: '1.5' }, "Field name 'limit' must be an int in the GET request"],
      [{ timeJoinedOrder: 'asc' }, 'timeJoinedOrder can be either ASC OR DESC'],
      [{ paginationToken: Buffer.from('no;number').toString('base64') }, 'invalid pagination token'],
      [{ includeRecipeIds: 'emailpassword,x' }, 'Unknown recipe ID: x'],
    ];
    for (const [query, text] of refused) await expectText(world, ['GET /public/users', query], 400, text);
    await expectText(world, ['GET /public/users/count', { includeRecipeIds: 'x' }], 400, 'Unknown recipe ID: x');
  });

  it('says what the next page begins with', async () => {
    for (let count = 0; count < 3; count++) await world.signInWith(world.email());
    const first = await world.get('/public/users', { limit: '2' });
    expect(Object.keys(first).sort()).toEqual(['nextPaginationToken', 'status', 'users']);
    const next = await world.get('/public/users', { limit: '1', paginationToken: first.nextPaginationToken });
    const [user] = next.users;
    expect(Buffer.from(first.nextPaginationToken, 'base64').toString()).toBe(`${user.id};${user.timeJoined}`);
  });

  insideOnly.apps('has a hundred on a page by default, no token on the last, and knows recipes by name', async () => {
    await world.put('/recipe/multitenancy/app/v2', { appId: 'crowd' });
    const path = '/appid-crowd/public';
    const identity = (index: number) => ({
      thirdPartyId: 'google',
      thirdPartyUserId: `${index}`,
      email: { id: `p${index}@example.com`, isVerified: false },
    });
    await Promise.all(
      Array.from({ length: 101 }, (_, index) => world.post(`${path}/recipe/signinup`, identity(index))),
    );
    await world.post(`${path}/recipe/signup`, { email: 'q@example.com', password: 'x' });
    const page = await world.get(`${path}/users`);
    expect(page.users).toHaveLength(100);
    expect((await world.get(`${path}/users`, { timeJoinedOrder: 'ASC' })).users).toEqual(page.users);
    const rest = await world.get(`${path}/users`, { paginationToken: page.nextPaginationToken });
    expect([rest.users.length, Object.keys(rest).sort()]).toEqual([2, ['status', 'users']]);
    expect((await world.get(`${path}/users`, { limit: '500' })).users).toHaveLength(102);
    const count = async (query: object) => (await world.get(`${path}/users/count`, query)).count;
    expect(await count({ includeRecipeIds: 'thirdparty' })).toBe(101);
    expect(await count({ includeRecipeIds: 'thirdparty,emailpassword', includeAllTenants: 'true' })).toBe(102);
    expect(await count({ includeRecipeIds: 'passwordless', includeAllTenants: 'false' })).toBe(0);
    // A search is one page: the limit says nothing about it.
    expect((await world.get(`${path}/users`, { email: 'p;q', limit: '501' })).users).toHaveLength(102);
  });
});

describe('users by what they sign in with', () => {
  const find = (query: Record<string, string>) => world.get('/public/users/by-accountinfo', query);

  it('are refused in words when they are asked for wrongly', async () => {
    const half = "If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice versa";
    await expectText(
      world,
      ['GET /public/users/by-accountinfo', { doUnionOfAccountInfo: 'yes' }],
      400,
      "'doUnionOfAccountInfo' should be either 'true' or 'false'",
    );
    await expectText(
      world,
      ['GET /public/users/by-accountinfo', { doUnionOfAccountInfo: 'true', thirdPartyId: 'google' }],
      400,
      half,
    );
    await expectText(
      world,
      ['GET /public/users/by-accountinfo', { doUnionOfAccountInfo: 'true', thirdPartyUserId: '1' }],
      400,
      half,
    );
  });

  it('make the core stumble over a passkey that nobody has (row 19)', async () => {
    for (const doUnionOfAccountInfo of ['true', 'false']) {
      const query = { webauthnCredentialId: world.name(), email: world.email(), doUnionOfAccountInfo };
      const answer = await world.call('GET', '/public/users/by-accountinfo', query);
      expect([answer.statusCode, answer.text]).toEqual([500, expect.stringContaining('NullPointerException')]);
    }
  });

  it('are sorted by when they joined, with or without a second criterion', async () => {
    const email = world.email();
    const [one, other] = [await world.signInWith(email), (await world.signUp(email)).userId];
    const ids = async (query: Record<string, string>) =>
      (await find(query)).users.map((user: { id: string }) => user.id) as string[];
    expect(await ids({ email, doUnionOfAccountInfo: 'true' })).toEqual([one, other]);
    expect(await ids({ email, doUnionOfAccountInfo: 'false' })).toEqual([one, other]);
    expect(await find({ doUnionOfAccountInfo: 'false' })).toEqual({ status: 'OK', users: [] });
  });
});
