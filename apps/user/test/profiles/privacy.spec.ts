import { type Profile, relationshipRpc, userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { expectConsistent, relationshipOf, setPrivate } from '../relationships/relationship-world.js';
import { openWorld, type World } from '../world.js';

describe('A private account', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo] = (await world.users(2)) as [Profile, Profile]));

  const changesOf = async (user: Profile) =>
    (await world.published(userEvent.accountChanged)).filter(({ userId }) => userId === user.id);

  it('is published with the version of the account, and answered as what decides elsewhere', async () => {
    const answer = await setPrivate(world, ann);
    expect(answer).toMatchObject({ id: ann.id, isPrivate: true });
    const [change] = await changesOf(ann);
    expect(change).toMatchObject({ status: 'ACTIVE', role: 'USER', isPrivate: true, version: 1 });
    const changes = { relations: [], accounts: [{ userId: ann.id, version: 1, hidden: false, isPrivate: true }] };
    expect(answer.changes).toEqual(changes);
    expect((await setPrivate(world, ann)).changes).toEqual(changes);
    expect(await changesOf(ann)).toHaveLength(1);
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toMatchObject([{ isPrivate: true }]);
  });

  it('says nothing of its visibility when something else is changed', async () => {
    await setPrivate(world, ann);
    const answer = await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'Paints.' });
    expect(answer).toMatchObject({ bio: 'Paints.', isPrivate: true });
    expect(answer.changes).toBeUndefined();
    expect(await changesOf(ann)).toHaveLength(1);
  });

  it('answers a repeated key what it has answered first', async () => {
    const [input, options] = [{ userId: ann.id, isPrivate: true }, { idempotencyKey: newId() }];
    const first = await world.call(userRpc.updateProfile, input, options);
    await setPrivate(world, ann, false);
    expect(await world.call(userRpc.updateProfile, input, options)).toEqual(first);
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toMatchObject([{ isPrivate: false }]);
  });

  it('keeps its followers, who alone see its lists beside itself', async () => {
    const cy = await world.user();
    await Promise.all([world.follow(bo, ann), world.follow(ann, bo)]);
    await setPrivate(world, ann);
    for (const list of ['followers', 'following'] as const) {
      const seenBy = async (viewerId: string | null) =>
        (await world.call(userRpc[list], { userId: ann.id, viewerId })).edges.map(({ node }) => node);
      expect([await seenBy(ann.id), await seenBy(bo.id)]).toEqual([[bo.id], [bo.id]]);
      expect([await seenBy(cy.id), await seenBy(null)]).toEqual([[], []]);
    }
    expect(await world.counts(ann)).toEqual({ followerCount: 1, followingCount: 1 });
  });

  it('that goes public has accepted a first batch of those who wait before it answers, and the others soon', async () => {
    await setPrivate(world, ann);
    const fans = await world.users(150);
    for (const fan of fans) await world.follow(fan, ann);
    await setPrivate(world, ann, false);
    expect((await world.counts(ann)).followerCount).toBeGreaterThanOrEqual(100);
    expect((await world.call(relationshipRpc.requests, { viewerId: ann.id })).edges).toEqual([]);
    await eventually(async () => expect((await world.counts(ann)).followerCount).toBe(150));
    expect(await world.db.query('select from follow_request where followee_id = $1', [ann.id])).toEqual([]);
    const accepted = (await world.published(userEvent.followAccepted)).filter(
      ({ followeeId }) => followeeId === ann.id,
    );
    expect(new Set(accepted.map(({ followerId }) => followerId))).toEqual(new Set(fans.map(({ id }) => id)));
    await expectConsistent(world);
  });

  it('that went public accepts those who wait also after a kill', async () => {
    await setPrivate(world, ann);
    await world.follow(bo, ann);
    await world.stop();
    await world.db.query('update profile set is_private = false, accepts_all = true where id = $1', [ann.id]);
    await world.start();
    await eventually(async () =>
      expect(await relationshipOf(world, bo, ann)).toMatchObject({ following: true, requested: false }),
    );
    await eventually(async () => expect(await world.db.query('select from profile where accepts_all')).toEqual([]));
  });

  it('that is private again before they are accepted lets them wait on', async () => {
    await setPrivate(world, ann);
    await world.follow(bo, ann);
    await world.stop();
    await world.db.query('update profile set is_private = false, accepts_all = true where id = $1', [ann.id]);
    await world.db.query('update profile set is_private = true, accepts_all = false where id = $1', [ann.id]);
    await world.start();
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ following: false, requested: true });
    expect((await world.call(relationshipRpc.requests, { viewerId: ann.id })).edges).toHaveLength(1);
  });
});
