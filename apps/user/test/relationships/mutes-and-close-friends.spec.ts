import { MUTED_FOR_EVER, type Profile, relationshipRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { MutesService } from '../../src/mutes/mutes.service.js';
import { openWorld, type World } from '../world.js';
import { relationshipOf } from './relationship-world.js';

describe('A mute', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  const mute = (given: object = {}) => world.call(relationshipRpc.mute, { viewerId: ann.id, userId: bo.id, ...given });
  const muted = async () =>
    (await world.call(relationshipRpc.muted, { viewerId: ann.id })).edges.map(({ node }) => node);
  const soon = () => new Date(Date.now() + 3_600_000).toISOString();

  it('is of posts and notifications without an end, and only its owner learns of it', async () => {
    await world.follow(ann, bo);
    expect(await mute()).toMatchObject({ muting: true, following: true });
    expect(await world.relation(ann, bo)).toMatchObject({
      follows: true,
      postsMutedUntil: MUTED_FOR_EVER,
      notificationsMutedUntil: MUTED_FOR_EVER,
    });
    expect(await world.relation(bo, ann)).toBeUndefined();
    expect(await relationshipOf(world, bo, ann)).toEqual({
      userId: ann.id,
      following: false,
      requested: false,
      followedBy: true,
      requestedBy: false,
      blocking: false,
      muting: false,
      closeFriend: false,
    });
    expect(await muted()).toEqual([bo.id]);
    expect(await world.change('unmute', ann, bo)).toMatchObject({ muting: false });
    expect(await world.relation(ann, bo)).toMatchObject({ postsMutedUntil: null, notificationsMutedUntil: null });
    expect(await muted()).toEqual([]);
  });

  it('is of one part where that is said, replaces the one before, and ends when it says', async () => {
    const until = soon();
    await mute();
    await mute({ notifications: false, until });
    expect(await world.relation(ann, bo)).toMatchObject({ postsMutedUntil: until, notificationsMutedUntil: null });
    await world.db.query(`update mute set posts_until = now() where muter_id = $1`, [ann.id]);
    expect(await relationshipOf(world, ann, bo)).toMatchObject({ muting: false });
    expect(await muted()).toEqual([]);
    await world.app.get(MutesService, { strict: false }).purgeEnded();
    expect(await world.db.query('select from mute where muter_id = $1', [ann.id])).toEqual([]);
  });

  it.each([
    [{ until: '2026-01-01T00:00:00.000Z' }, ['until'], 'NOT_IN_FUTURE'],
    [{ until: 'tomorrow' }, ['until'], undefined],
    [{ posts: false, notifications: false }, ['posts'], 'NOTHING_TO_MUTE'],
  ])('refuses %j', async (given, path, reason) => {
    await expect(mute(given)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path, ...(reason && { reason }) },
    });
    expect(await world.db.query('select from mute where muter_id = $1', [ann.id])).toEqual([]);
  });

  it('of oneself, of nobody and of a blocker is refused', async () => {
    await expect(world.change('mute', ann, ann)).rejects.toMatchObject({ details: { reason: 'ONESELF' } });
    await expect(world.change('mute', ann, { id: newId() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.change('block', bo, ann);
    await expect(world.change('mute', ann, bo)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not listed while one of the two blocks the other', async () => {
    await mute();
    await world.change('block', ann, bo);
    expect(await muted()).toEqual([]);
    await world.change('unblock', ann, bo);
    expect(await muted()).toEqual([bo.id]);
  });
});

describe('The close friends of a user', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  const friends = async (viewer: Profile) =>
    (await world.call(relationshipRpc.closeFriends, { viewerId: viewer.id })).edges.map(({ node }) => node);

  it('need not follow, are published as what the friend sees, and learn nothing of it', async () => {
    expect(await world.change('addCloseFriend', ann, bo)).toMatchObject({ closeFriend: true });
    expect(await world.change('addCloseFriend', ann, bo)).toMatchObject({ closeFriend: true });
    expect(await world.relation(bo, ann)).toMatchObject({ closeFriend: true, follows: false });
    expect(await world.relation(ann, bo)).toBeUndefined();
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ closeFriend: false });
    expect([await friends(ann), await friends(bo)]).toEqual([[bo.id], []]);
    expect(await world.change('removeCloseFriend', ann, bo)).toMatchObject({ closeFriend: false });
    expect(await world.relation(bo, ann)).toMatchObject({ closeFriend: false });
    expect(await friends(ann)).toEqual([]);
  });

  it('have a bound, as every list of a user', async () => {
    const before = await world.db.query<{ id: string }>(
      `insert into profile (id, username) select gen_random_uuid(), 'friend_' || n from generate_series(1, 10000) n returning id`,
    );
    await world.db.query(
      'insert into close_friend (user_id, friend_id, created_at) select $1, id, now() from unnest($2::uuid[]) as f (id)',
      [ann.id, before.map(({ id }) => id)],
    );
    await expect(world.change('addCloseFriend', ann, bo)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      details: { reason: 'LIST_LIMIT' },
    });
    expect(await world.change('addCloseFriend', ann, before[0]!)).toMatchObject({ closeFriend: true });
  });

  it('are published in the end', async () => {
    await world.change('addCloseFriend', ann, bo);
    await eventually(async () => {
      const [row] = await world.db.query<{ waiting: number }>(
        'select count(*)::integer as waiting from outbox where published_at is null',
      );
      expect(row!.waiting).toBe(0);
    });
  });
});
