import { jest } from '@jest/globals';
import pg from 'pg';
import { relationshipRpc, type Profile, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../world.js';
import { expectConsistent, relationshipOf, setPrivate } from './relationship-world.js';

describe('A block', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  const blocked = async (viewer: Profile) =>
    (await world.call(relationshipRpc.blocked, { viewerId: viewer.id })).edges.map(({ node }) => node);

  it('ends follows, requests and close friendship in both directions, counts them off, and publishes both registers', async () => {
    const [cy] = (await world.users(1)) as [Profile];
    await setPrivate(world, cy);
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann), world.follow(ann, cy)]);
    await world.change('addCloseFriend', ann, bo);
    await world.change('addCloseFriend', bo, ann);
    expect(await world.change('block', bo, ann)).toMatchObject({ following: false, followedBy: false, blocking: true });
    expect(await world.change('block', cy, ann)).toMatchObject({ blocking: true });
    expect(await relationshipOf(world, ann, bo)).toMatchObject({
      following: false,
      followedBy: false,
      blocking: false,
      closeFriend: false,
    });
    expect(await relationshipOf(world, ann, cy)).toMatchObject({ requested: false });
    expect(await world.counts(ann)).toEqual({ followerCount: 0, followingCount: 0 });
    const gone = { follows: false, closeFriend: false, blocked: true };
    expect(await world.relation(ann, bo)).toMatchObject(gone);
    expect(await world.relation(bo, ann)).toMatchObject(gone);
    const ended = (await world.published(userEvent.unfollowed)).map(({ followerId }) => followerId);
    expect(ended).toEqual(expect.arrayContaining([ann.id, bo.id]));
    expect(await world.published(userEvent.followRequestEnded)).toContainEqual(
      expect.objectContaining({ followerId: ann.id, followeeId: cy.id, accepted: false }),
    );
    await expectConsistent(world);
  });

  it('brings nothing back when it ends', async () => {
    await world.follow(ann, bo);
    await world.change('block', bo, ann);
    expect(await world.change('unblock', bo, ann)).toMatchObject({ blocking: false, followedBy: false });
    expect(await world.relation(ann, bo)).toMatchObject({ follows: false, blocked: false });
  });

  it('hides its author from whom it names, by id and by name, and not from others nor the other way round', async () => {
    const cy = await world.user();
    await world.change('block', ann, bo);
    const seenBy = async (viewerId: string | null, user: Profile) => [
      (await world.call(userRpc.profilesByIds, { ids: [user.id], viewerId })).length,
      (await world.call(userRpc.profileByUsername, { username: user.username, viewerId })) && 1,
    ];
    expect(await seenBy(bo.id, ann)).toEqual([0, null]);
    for (const viewer of [cy.id, null, ann.id]) expect(await seenBy(viewer, ann)).toEqual([1, 1]);
    expect(await seenBy(ann.id, bo)).toEqual([1, 1]);
  });

  it('takes both out of the lists of followers that the other one sees, and fills the page with others', async () => {
    const [star, cy, di] = (await world.users(3)) as [Profile, Profile, Profile];
    for (const user of [cy, ann, di, bo]) {
      await world.follow(user, star);
      await world.follow(star, user);
    }
    await world.change('block', ann, bo);
    for (const list of ['followers', 'following'] as const) {
      const seen = async (viewerId: string | null) =>
        (await world.call(userRpc[list], { userId: star.id, viewerId, first: 3 })).edges.map(({ node }) => node);
      expect(await seen(bo.id)).toEqual([bo.id, di.id, cy.id]);
      expect(await seen(ann.id)).toEqual([di.id, ann.id, cy.id]);
      expect(await seen(null)).toEqual([bo.id, di.id, ann.id]);
    }
  });

  it('makes the lists of the blocker those of nobody to the blocked, and those of the blocked empty to the blocker', async () => {
    const cy = await world.user();
    await Promise.all([world.follow(cy, ann), world.follow(cy, bo)]);
    await world.change('block', ann, bo);
    const followers = (user: Profile, viewer: Profile) =>
      world.call(userRpc.followers, { userId: user.id, viewerId: viewer.id });
    await expect(followers(ann, bo)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['userId'] } });
    expect((await followers(bo, ann)).edges).toEqual([]);
  });

  it.each(['block', 'unblock'] as const)('is the same twice as once, also without a key (%s)', async (command) => {
    await world.change('block', ann, bo);
    const first = await world.change(command, ann, bo);
    expect(await world.change(command, ann, bo)).toEqual(first);
    const pairs = (await world.published(userEvent.relationChanged)).filter(({ viewerId }) => viewerId === ann.id);
    expect(pairs).toHaveLength(command === 'block' ? 1 : 2);
  });

  it('answers the registers of both orders again when it is repeated, so that a repeat completes what came after it', async () => {
    const input = { viewerId: ann.id, userId: bo.id };
    const first = await world.call(relationshipRpc.block, input);
    const again = await world.call(relationshipRpc.block, input);
    expect(again.changes.relations.map(({ viewerId, blocked: is }) => [viewerId, is])).toEqual([
      [ann.id, true],
      [bo.id, true],
    ]);
    expect(again.changes.relations[0]!.version).toBeGreaterThan(first.changes.relations[0]!.version);
    const idempotencyKey = newId();
    const keyed = await world.call(relationshipRpc.unblock, input, { idempotencyKey });
    expect(await world.call(relationshipRpc.unblock, input, { idempotencyKey })).toEqual(keyed);
  });

  it('refuses what the blocked tries as if the blocker did not exist, and tells the blocker why', async () => {
    await world.change('block', ann, bo);
    const nobody = newId();
    for (const [command, viewer] of [
      ['addCloseFriend', bo],
      ['removeFollower', bo],
      ['acceptRequest', bo],
    ] as const) {
      const message = await world
        .change(command, viewer, ann)
        .catch(({ code, message: text }: Error & { code: string }) => [code, text]);
      expect(message).toEqual(
        await world
          .change(command, viewer, { id: nobody })
          .catch(({ code, message: text }: Error & { code: string }) => [code, text]),
      );
    }
    await expect(world.follow(bo, ann)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['followeeId'] } });
    await expect(world.follow(ann, bo)).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'BLOCKING' } });
    await expect(world.change('addCloseFriend', ann, bo)).rejects.toMatchObject({ details: { reason: 'BLOCKING' } });
  });

  it('can be answered by a block, which lasts when the first one ends', async () => {
    await world.change('block', ann, bo);
    await world.change('block', bo, ann);
    expect([await blocked(ann), await blocked(bo)]).toEqual([[bo.id], [ann.id]]);
    await world.change('unblock', ann, bo);
    expect(await world.relation(ann, bo)).toMatchObject({ blocked: true });
    expect(await world.call(userRpc.profilesByIds, { ids: [bo.id], viewerId: ann.id })).toEqual([]);
    await world.change('unblock', bo, ann);
    expect(await world.relation(ann, bo)).toMatchObject({ blocked: false });
  });

  it('of oneself or of nobody is refused, and nothing is written', async () => {
    await expect(world.change('block', ann, ann)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['userId'], reason: 'ONESELF' },
    });
    await expect(world.change('block', ann, { id: newId() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['userId'] },
    });
    expect(await world.db.query('select from block where blocker_id = $1', [ann.id])).toEqual([]);
  });

  it('takes as many statements for a stranger as for somebody with many common edges', async () => {
    const cy = await world.user();
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann)]);
    const query = jest.spyOn(pg.Client.prototype, 'query');
    const count = async (user: Profile) => {
      query.mockClear();
      await world.change('block', ann, user);
      return query.mock.calls.filter(([asked]) =>
        /\b(block|follow|follow_request|close_friend|mute)\b/.test((asked as { text?: string }).text ?? ''),
      ).length;
    };
    const ofStranger = await count(cy);
    expect(ofStranger).toBeGreaterThan(4);
    expect(await count(bo)).toBe(ofStranger);
    query.mockRestore();
  });
});
