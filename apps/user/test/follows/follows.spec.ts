import { MAX_FOLLOWING, type Profile, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually, outboxIsEmpty } from '@fowergram/testing';
import { openWorld, type World } from '../world.js';

const stranger = {
  following: false,
  requested: false,
  followedBy: false,
  requestedBy: false,
  blocking: false,
  muting: false,
  closeFriend: false,
};

describe('following', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  const changesOf = async (follower: Profile) => {
    const all = await Promise.all([world.published(userEvent.followed), world.published(userEvent.unfollowed)]);
    return all.map((events) => events.filter(({ followerId }) => followerId === follower.id));
  };

  it('is seen from both sides', async () => {
    expect(await world.follow(ann, bo)).toEqual({ userId: bo.id, ...stranger, following: true });
    expect(await world.follow(bo, ann)).toEqual({ userId: ann.id, ...stranger, following: true, followedBy: true });
    expect(await world.unfollow(ann, bo)).toEqual({ userId: bo.id, ...stranger, followedBy: true });
  });

  it('twice counts once and is published once', async () => {
    await world.follow(ann, bo);
    await world.follow(ann, bo);
    expect(await world.counts(bo)).toEqual({ followerCount: 1, followingCount: 0 });
    expect(await world.counts(ann)).toEqual({ followerCount: 0, followingCount: 1 });
    const [followed] = await changesOf(ann);
    expect(followed).toEqual([
      { followerId: ann.id, followeeId: bo.id, version: expect.any(Number), at: expect.stringMatching(/Z$/) },
    ]);
  });

  it('counts once when it is asked for many times at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => world.follow(ann, bo)));
    expect(await world.counts(bo)).toEqual({ followerCount: 1, followingCount: 0 });
    expect((await changesOf(ann))[0]).toHaveLength(1);
  });

  it('ends once, however often it is asked to end', async () => {
    await world.follow(ann, bo);
    await Promise.all(Array.from({ length: 10 }, () => world.unfollow(ann, bo)));
    await world.unfollow(ann, bo);
    expect(await world.counts(bo)).toEqual({ followerCount: 0, followingCount: 0 });
    expect((await changesOf(ann))[1]).toHaveLength(1);
  });

  it('has one effect per key, even when it was undone meanwhile', async () => {
    const input = { followerId: ann.id, followeeId: bo.id };
    const options = { idempotencyKey: newId() };
    const first = await world.call(userRpc.follow, input, options);
    await world.unfollow(ann, bo);
    expect(await world.call(userRpc.follow, input, options)).toEqual(first);
    expect(await world.counts(bo)).toEqual({ followerCount: 0, followingCount: 0 });
    await expect(world.call(userRpc.unfollow, input, options)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('publishes every change of an edge with a higher version, and the highest one is the present state', async () => {
    const changes = Array.from({ length: 24 }, (_, n) => (n % 2 ? world.unfollow(ann, bo) : world.follow(ann, bo)));
    await Promise.all(changes);
    const [followed, unfollowed] = await changesOf(ann);
    const published = [
      ...followed!.map((event) => ({ ...event, on: true })),
      ...unfollowed!.map((event) => ({ ...event, on: false })),
    ].sort((a, b) => a.version - b.version);
    expect(new Set(published.map(({ version }) => version)).size).toBe(published.length);
    expect(published.map(({ on }) => on)).toEqual(published.map((_, n) => n % 2 === 0));
    expect(published.map(({ at }) => at)).toEqual(published.map(({ at }) => at).sort());
    const [relationship] = await world.call(userRpc.relationships, { viewerId: ann.id, userIds: [bo.id] });
    expect(relationship!.following).toBe(published.at(-1)!.on);
  });

  it('of oneself is refused', async () => {
    for (const contract of [userRpc.follow, userRpc.unfollow]) {
      await expect(
        world.call(contract, { followerId: ann.id, followeeId: ann.id.toUpperCase() }),
      ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['followeeId'] } });
    }
  });

  it.each(['follow', 'unfollow'] as const)('needs two users who exist (%s)', async (verb) => {
    await expect(world.call(userRpc[verb], { followerId: ann.id, followeeId: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['followeeId'] },
    });
    await expect(world.call(userRpc[verb], { followerId: newId(), followeeId: bo.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['followerId'] },
    });
    await expect(world.call(userRpc[verb], { followerId: ann.id, followeeId: 'bo' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['followeeId'] },
    });
    expect(await changesOf(ann)).toEqual([[], []]);
  });

  it('shows a batch of relationships, strangers and oneself included', async () => {
    const cy = await world.user();
    await world.follow(ann, bo);
    await world.follow(cy, ann);
    const shown = await world.call(userRpc.relationships, { viewerId: ann.id, userIds: [bo.id, cy.id, ann.id] });
    expect(Object.fromEntries(shown.map(({ userId, ...rest }) => [userId, rest]))).toEqual({
      [bo.id]: { ...stranger, following: true },
      [cy.id]: { ...stranger, followedBy: true },
      [ann.id]: stranger,
    });
    expect(await world.call(userRpc.relationships, { viewerId: ann.id, userIds: [] })).toEqual([]);
  });

  it('publishes every event that it recorded', async () => {
    await world.follow(ann, bo);
    await eventually(() => outboxIsEmpty(world.db));
  });
});

describe('following as many as possible', () => {
  let world: World;
  let ann: Profile;
  beforeAll(async () => {
    world = await openWorld();
    ann = await world.user();
    await world.db.query(
      `insert into profile (id, username) select gen_random_uuid(), 'crowd_' || n from generate_series(1, $1::integer) n`,
      [MAX_FOLLOWING - 1],
    );
    await world.db.query(
      `insert into follow (follower_id, followee_id, created_at) select $1, id, now() from profile where username like 'crowd%'`,
      [ann.id],
    );
    await world.db.query('update follow_count set following_count = $2 where user_id = $1', [
      ann.id,
      MAX_FOLLOWING - 1,
    ]);
  });
  afterAll(() => world?.close());

  it('stops at the limit exactly, also when many are followed at once', async () => {
    const users = await world.users(8);
    const answers = await Promise.allSettled(users.map((user) => world.follow(ann, user)));
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(refused).toHaveLength(7);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'FORBIDDEN', details: { reason: 'FOLLOWING_LIMIT' } });
    expect(await world.counts(ann)).toEqual({ followerCount: 0, followingCount: MAX_FOLLOWING });

    const followed = users[answers.findIndex(({ status }) => status === 'fulfilled')]!;
    expect(await world.follow(ann, followed)).toMatchObject({ following: true });
    await world.unfollow(ann, followed);
    expect(
      await world.follow(
        ann,
        users.find((user) => user !== followed)!,
      ),
    ).toMatchObject({ following: true });
  });

  it('still lists everybody whom one follows in one message', async () => {
    const { ids } = await world.call(userRpc.followeeIds, { userId: ann.id });
    expect(new Set(ids).size).toBe(MAX_FOLLOWING);
  });
});
