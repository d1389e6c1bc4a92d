import type { AppError } from '@fowergram/contracts-core';
import { type Profile, profileVersion, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { aName, openWorld, type World } from '../world.js';

describe('signing up', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('makes an empty profile under the name as it was written', async () => {
    const userId = newId();
    const profile = await world.call(userRpc.createProfile, { userId, username: 'Ann.Lee_1' });
    expect(profile).toEqual({
      id: userId,
      username: 'Ann.Lee_1',
      displayName: '',
      bio: '',
      avatarMediaId: null,
      links: [],
      isVerified: false,
      showsFollowLists: true,
      role: 'USER',
      isPrivate: false,
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(await world.call(userRpc.profilesByIds, { ids: [userId] })).toEqual([profile]);
    expect(await world.counts(profile)).toEqual({ followerCount: 0, followingCount: 0 });
  });

  it('gives an account that has a profile its profile back, whatever name it asks for', async () => {
    const ann = await world.user();
    const bo = await world.user();
    for (const username of [ann.username, aName(), bo.username]) {
      expect(await world.call(userRpc.createProfile, { userId: ann.id, username })).toEqual(ann);
    }
  });

  it('refuses a name that somebody has, whatever the case of its letters', async () => {
    await world.call(userRpc.createProfile, { userId: newId(), username: 'Cy_Twombly' });
    const again = world.call(userRpc.createProfile, { userId: newId(), username: 'cY_tWOMBLY' });
    await expect(again).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['username'], reason: 'USERNAME_TAKEN' },
    });
  });

  it('lets exactly one of twenty win a name that all ask for at once', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => ({
      userId: newId(),
      username: n % 2 ? 'Wanted.Name' : 'wanted.name',
    }));
    const answers = await Promise.allSettled(asked.map((input) => world.call(userRpc.createProfile, input)));
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as AppError] : []));
    expect(refused).toHaveLength(19);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'CONFLICT', details: { path: ['username'], reason: 'USERNAME_TAKEN' } });
    const rows = await world.db.query(`select id from profile where lower(username) = 'wanted.name'`);
    expect(rows).toHaveLength(1);
    expect(await world.call(userRpc.profilesByIds, { ids: asked.map(({ userId }) => userId) })).toHaveLength(1);
  });

  it('makes one profile when the same account signs up twenty times at once', async () => {
    const userId = newId();
    const [shared, other] = [aName(), aName()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        world.call(userRpc.createProfile, { userId, username: n % 3 ? shared : other }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('answers a repeated key with the first answer, and refuses the key for another request', async () => {
    const input = { userId: newId(), username: aName() };
    const options = { idempotencyKey: newId() };
    const first = await world.call(userRpc.createProfile, input, options);
    expect(await world.call(userRpc.createProfile, input, options)).toEqual(first);
    const other = world.call(userRpc.createProfile, { userId: newId(), username: aName() }, options);
    await expect(other).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it.each(['ab', 'x'.repeat(31), 'no spaces', 'émile', '.ann', 'ann.', 'an..n', 'Admin', 'a\u0000bc'])(
    'refuses the name %j and says which field it is',
    async (username) => {
      const userId = newId();
      await expect(world.call(userRpc.createProfile, { userId, username })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['username'] },
      });
      expect(await world.call(userRpc.profilesByIds, { ids: [userId] })).toEqual([]);
    },
  );
});

describe('looking users up', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('finds those of many ids that exist, each once', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    const found = await world.call(userRpc.profilesByIds, { ids: [bo.id, newId(), ann.id.toUpperCase(), bo.id] });
    expect(found.map(({ id }) => id).sort()).toEqual([ann.id, bo.id].sort());
    expect(await world.call(userRpc.profilesByIds, { ids: [] })).toEqual([]);
  });

  it('finds a user by name without regard to case', async () => {
    const ann = await world.user();
    expect(await world.call(userRpc.profileByUsername, { username: ann.username.toUpperCase() })).toEqual(ann);
  });

  it.each(['nobody_here', '', '%', 'a\u0000bc', 'x'.repeat(100), "'; drop table profile; --"])(
    'finds nobody by the name %j',
    async (username) => {
      expect(await world.call(userRpc.profileByUsername, { username })).toBeNull();
    },
  );

  it('takes a letter that only looks like another one for what it is', async () => {
    await world.call(userRpc.createProfile, { userId: newId(), username: 'kelvin' });
    expect(await world.call(userRpc.profileByUsername, { username: '\u212Aelvin' })).toBeNull();
  });
});

describe('changing a profile', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  const updatesOf = async (userId: string) =>
    (await world.published(userEvent.profileUpdated)).filter((event) => event.userId === userId);

  it('changes only what is given, and publishes one event', async () => {
    const ann = await world.user();
    await world.call(userRpc.updateProfile, { userId: ann.id, displayName: '  Ann Lee ', bio: 'Paints.\n写真' });
    const username = aName().toUpperCase();
    const answer = await world.call(userRpc.updateProfile, { userId: ann.id, username });
    expect(answer).toEqual({ ...ann, username, displayName: 'Ann Lee', bio: 'Paints.\n写真' });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([answer]);
    expect(await updatesOf(ann.id)).toHaveLength(2);
  });

  it('publishes nothing when a change changes nothing', async () => {
    const ann = await world.user();
    expect(await world.call(userRpc.updateProfile, { userId: ann.id })).toEqual(ann);
    expect(
      await world.call(userRpc.updateProfile, { userId: ann.id, username: ann.username, bio: '', avatarMediaId: null }),
    ).toEqual(ann);
    expect(await updatesOf(ann.id)).toEqual([]);
  });

  it('is made by one of two who have read the same, and not where the version is another', async () => {
    const ann = await world.user();
    const change = (bio: string) =>
      world.call(userRpc.updateProfile, { userId: ann.id, bio, expectedVersion: profileVersion(ann) });
    const both = await Promise.allSettled([change('One'), change('Two')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(lost.reason).toMatchObject({ code: 'CONFLICT', details: { path: ['expectedVersion'], reason: 'VERSION' } });
    const [now] = await world.call(userRpc.profilesByIds, { ids: [ann.id] });
    const expectedVersions = [profileVersion(ann), profileVersion(now!)];
    await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'Three', expectedVersions });
    const late = world.call(userRpc.updateProfile, { userId: ann.id, bio: 'Four', expectedVersions });
    await expect(late).rejects.toMatchObject({ details: { reason: 'VERSION' } });
  });

  it('empties a text that is given as empty', async () => {
    const ann = await world.user();
    await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'x', displayName: 'y' });
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: '', displayName: ' ' })).toEqual(ann);
  });

  it('refuses a name that another user has, and changes nothing', async () => {
    const [ann, bo] = [await world.user(), await world.user()];
    const update = world.call(userRpc.updateProfile, {
      userId: ann.id,
      username: bo.username.toUpperCase(),
      bio: 'new',
    });
    await expect(update).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { path: ['username'], reason: 'USERNAME_TAKEN' },
    });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([ann]);
    expect(await updatesOf(ann.id)).toEqual([]);
  });

  it('lets users write their own name in other letters, and frees a name that is given up', async () => {
    const [ann, bo] = [await world.user(), await world.user()];
    expect(
      await world.call(userRpc.updateProfile, { userId: ann.id, username: ann.username.toUpperCase() }),
    ).toMatchObject({ username: ann.username.toUpperCase() });
    await world.call(userRpc.updateProfile, { userId: ann.id, username: aName() });
    expect(await world.call(userRpc.updateProfile, { userId: bo.id, username: ann.username })).toMatchObject({
      username: ann.username,
    });
  });

  it('lets one of many win a name that all change to at once', async () => {
    const users = await world.users(10);
    const answers = await Promise.allSettled(
      users.map(({ id }) => world.call(userRpc.updateProfile, { userId: id, username: 'the.one' })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('loses nothing when different fields change at once', async () => {
    const ann = await world.user();
    await Promise.all([
      world.call(userRpc.updateProfile, { userId: ann.id, bio: 'b' }),
      world.call(userRpc.updateProfile, { userId: ann.id, displayName: 'd' }),
    ]);
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([
      { ...ann, bio: 'b', displayName: 'd' },
    ]);
  });

  it('has one effect per key', async () => {
    const ann = await world.user();
    const options = { idempotencyKey: newId() };
    const first = await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'first' }, options);
    await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'second' });
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'first' }, options)).toEqual(first);
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toMatchObject([{ bio: 'second' }]);
    const other = world.call(userRpc.updateProfile, { userId: ann.id, bio: 'third' }, options);
    await expect(other).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it.each([
    ['bio', { bio: 'x'.repeat(501) }],
    ['bio', { bio: 'a\u0000b' }],
    ['displayName', { displayName: 'x'.repeat(65) }],
    ['displayName', { displayName: '\u0000' }],
    ['username', { username: 'graphql' }],
    ['avatarMediaId', { avatarMediaId: 'not-an-id' }],
  ])('refuses a bad %s and says which field it is', async (field, change) => {
    const ann = await world.user();
    await expect(world.call(userRpc.updateProfile, { userId: ann.id, ...change })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: [field] },
    });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([ann]);
  });

  it('knows nobody without a profile', async () => {
    await expect(world.call(userRpc.updateProfile, { userId: newId(), bio: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['userId'] },
    });
  });
});
