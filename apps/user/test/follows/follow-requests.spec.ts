import { type Profile, relationshipRpc, userEvent } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { expectConsistent, relationshipOf, setPrivate } from '../relationships/relationship-world.js';
import { openWorld, type World } from '../world.js';

describe('A follow request', () => {
  let world: World;
  let ann: Profile;
  let bo: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => {
    [ann, bo] = (await world.users(2)) as [Profile, Profile];
    await setPrivate(world, ann);
  });

  const waiting = async (viewer: Profile) =>
    (await world.call(relationshipRpc.requests, { viewerId: viewer.id })).edges.map(({ node }) => node);
  const sent = async (viewer: Profile) =>
    (await world.call(relationshipRpc.sentRequests, { viewerId: viewer.id })).edges.map(({ node }) => node);
  const eventsOf = async (follower: Profile) => {
    const { followRequested, followRequestEnded, followed, followAccepted } = userEvent;
    const found = await Promise.all([
      world.published(followRequested),
      world.published(followRequestEnded),
      world.published(followed),
      world.published(followAccepted),
    ]);
    return found.map((events) => events.filter(({ followerId }) => followerId === follower.id));
  };

  it('is what following a private account makes: no edge, no count, and both see it in their list', async () => {
    expect(await world.follow(bo, ann)).toMatchObject({ following: false, requested: true });
    expect(await world.follow(bo, ann)).toMatchObject({ following: false, requested: true });
    expect([await waiting(ann), await sent(bo)]).toEqual([[bo.id], [ann.id]]);
    expect(await relationshipOf(world, ann, bo)).toMatchObject({ requestedBy: true, followedBy: false });
    expect(await world.counts(ann)).toEqual({ followerCount: 0, followingCount: 0 });
    const [requested, ended, followed] = await eventsOf(bo);
    expect(requested).toEqual([
      { followerId: bo.id, followeeId: ann.id, version: expect.any(Number), at: expect.stringMatching(/Z$/) },
    ]);
    expect([ended, followed]).toEqual([[], []]);
    expect(await world.relation(bo, ann)).toBeUndefined();
  });

  it('becomes a follow when it is accepted, once, and is published as one that was waited for', async () => {
    await world.follow(bo, ann);
    expect(await world.change('acceptRequest', ann, bo)).toMatchObject({ followedBy: true });
    expect(await world.change('acceptRequest', ann, bo)).toMatchObject({ followedBy: true });
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ following: true, requested: false });
    expect([await waiting(ann), await sent(bo)]).toEqual([[], []]);
    const [requested, ended, followed, accepted] = await eventsOf(bo);
    expect([ended, followed, accepted]).toEqual([
      [expect.objectContaining({ accepted: true })],
      [expect.objectContaining({ followeeId: ann.id })],
      [expect.objectContaining({ followeeId: ann.id })],
    ]);
    expect(ended![0]!.version).toBeGreaterThan(requested![0]!.version);
    expect(await world.relation(bo, ann)).toMatchObject({ follows: true });
    expect(await world.counts(ann)).toEqual({ followerCount: 1, followingCount: 0 });
    await expectConsistent(world);
  });

  it.each([
    ['is rejected', () => world.change('rejectRequest', ann, bo)],
    ['is withdrawn', () => world.unfollow(bo, ann)],
  ])('leaves nothing when it %s, and cannot be accepted any more', async (_what, end) => {
    await world.follow(bo, ann);
    await end();
    await end();
    expect([await waiting(ann), await sent(bo)]).toEqual([[], []]);
    const [, ended] = await eventsOf(bo);
    expect(ended).toEqual([expect.objectContaining({ accepted: false })]);
    await expect(world.change('acceptRequest', ann, bo)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: ['userId'] },
    });
    expect(await relationshipOf(world, bo, ann)).toMatchObject({ following: false, requested: false });
  });

  it('that was never made cannot be accepted', async () => {
    await expect(world.change('acceptRequest', ann, bo)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(world.change('acceptRequest', ann, { id: newId() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is needed by nobody who follows already', async () => {
    const cy = await world.user();
    await world.follow(bo, cy);
    await setPrivate(world, cy);
    expect(await world.follow(bo, cy)).toMatchObject({ following: true, requested: false });
    expect(await waiting(cy)).toEqual([]);
  });

  it('is in pages, newest first', async () => {
    const fans = await world.users(5);
    for (const fan of fans) await world.follow(fan, ann);
    const page = await world.call(relationshipRpc.requests, { viewerId: ann.id, first: 3 });
    const after = page.edges.at(-1)!.cursor;
    const rest = await world.call(relationshipRpc.requests, { viewerId: ann.id, first: 3, after });
    const listed = [...page.edges, ...rest.edges].map(({ node }) => node);
    expect(listed).toEqual(fans.map(({ id }) => id).reverse());
    expect([page.hasNextPage, rest.hasNextPage]).toEqual([true, false]);
  });

  it('of somebody whose account is hidden is not listed, and comes back with them', async () => {
    await world.follow(bo, ann);
    const become = (status: string) => world.db.query(`update profile set status = $2 where id = $1`, [bo.id, status]);
    await become('DEACTIVATED');
    expect(await waiting(ann)).toEqual([]);
    await become('ACTIVE');
    expect(await waiting(ann)).toEqual([bo.id]);
  });

  it('counts towards the limit of those whom one follows', async () => {
    await world.db.query('update follow_count set following_count = 7499 where user_id = $1', [bo.id]);
    const [cy] = await world.users(1);
    await world.follow(bo, ann);
    await expect(world.follow(bo, cy!)).rejects.toMatchObject({ details: { reason: 'FOLLOWING_LIMIT' } });
    await world.change('acceptRequest', ann, bo);
    expect((await world.counts(bo)).followingCount).toBe(7500);
    await world.db.query('update follow_count set following_count = following_count - 7499 where user_id = $1', [
      bo.id,
    ]);
  });
});

describe('A follower who is removed', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('follows no more, is counted off, and may ask again', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    await world.follow(bo, ann);
    await setPrivate(world, ann);
    expect(await world.change('removeFollower', ann, bo)).toMatchObject({ followedBy: false });
    expect(await world.change('removeFollower', ann, bo)).toMatchObject({ followedBy: false });
    expect(await world.counts(ann)).toEqual({ followerCount: 0, followingCount: 0 });
    expect(await world.relation(bo, ann)).toMatchObject({ follows: false });
    expect(await world.published(userEvent.unfollowed)).toHaveLength(1);
    expect(await world.follow(bo, ann)).toMatchObject({ requested: true });
    await expectConsistent(world);
  });
});
