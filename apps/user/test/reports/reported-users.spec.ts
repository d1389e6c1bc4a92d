import { discoveryRpc, type Profile, relationshipRpc, reportRpc, userRpc } from '@fowergram/contracts-user';
import { expectConsistent, relationshipOf } from '../relationships/relationship-world.js';
import { openWorld, type World } from '../world.js';

describe('A user who is reported', () => {
  let world: World;
  let [ann, bo, cy]: Profile[] = [];
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void ([ann, bo, cy] = await world.users(3)));

  const report = (reporter: Profile, { id }: Profile) =>
    world.call(reportRpc.create, {
      reporterId: reporter.id,
      subjectKind: 'user',
      subjectId: id,
      ownerId: id,
      reason: 'SPAM',
    });
  const nodes = ({ edges }: { edges: { node: string }[] }) => edges.map(({ node }) => node);

  /** By which ways the viewer, who follows cy, meets bo, whom cy follows and who follows cy. */
  async function meets(viewer: Profile): Promise<Record<string, boolean>> {
    const [viewerId, userId] = [viewer.id, cy!.id];
    const lists = {
      followers: await world.call(userRpc.followers, { userId, viewerId }),
      following: await world.call(userRpc.following, { userId, viewerId }),
      familiar: await world.call(discoveryRpc.familiarFollowers, { userId, viewerId }),
      search: await world.call(discoveryRpc.search, { query: bo!.username, viewerId }),
      suggestions: await world.call(discoveryRpc.suggestions, { viewerId }),
    };
    return Object.fromEntries(Object.entries(lists).map(([way, page]) => [way, nodes(page).includes(bo!.id)]));
  }

  /** The viewer follows bo, or is suggested to. */
  async function scene(isFollowing: boolean): Promise<void> {
    for (const [follower, followee] of [
      [ann!, cy!],
      [cy!, bo!],
      [bo!, cy!],
    ] as const)
      await world.follow(follower, followee);
    if (isFollowing) await world.follow(ann!, bo!);
  }

  it.each([
    ['follows them', true],
    ['does not', false],
  ])('is met by a reporter who %s in no list, until the reporter unblocks them', async (_name, isFollowing) => {
    await scene(isFollowing);
    const before = { followers: true, following: true, familiar: isFollowing, search: true, suggestions: !isFollowing };
    const nowhere = { followers: false, following: false, familiar: false, search: false, suggestions: false };
    expect(await meets(ann!)).toEqual(before);
    for (let times = 0; times < 2; times++) {
      await report(ann!, bo!);
      expect(await meets(ann!)).toEqual(nowhere);
    }
    await world.change('unblock', ann!, bo!);
    expect(await meets(ann!)).toEqual(before);
    await report(ann!, bo!);
    expect(await meets(ann!)).toEqual(nowhere);
  });

  it('shows the reporter neither whom they follow nor who follows them', async () => {
    await scene(true);
    await report(ann!, bo!);
    for (const list of [userRpc.followers, userRpc.following])
      expect(nodes(await world.call(list, { userId: bo!.id, viewerId: ann!.id }))).toEqual([]);
    expect(nodes(await world.call(userRpc.followers, { userId: bo!.id, viewerId: cy!.id }))).toContain(cy!.id);
  });

  it('is still found by name and id, so that the reporter can block them', async () => {
    await report(ann!, bo!);
    const viewerId = ann!.id;
    expect(await world.call(userRpc.profilesByIds, { ids: [bo!.id], viewerId })).toMatchObject([{ id: bo!.id }]);
    expect(await world.call(userRpc.profileByUsername, { username: bo!.username, viewerId })).not.toBeNull();
    expect(await world.change('block', ann!, bo!)).toMatchObject({ blocking: true });
  });

  it('meets the reporter as before, and so does everybody else meet them', async () => {
    await scene(true);
    await report(ann!, bo!);
    expect(await meets(cy!)).toMatchObject({ search: true });
    expect(nodes(await world.call(discoveryRpc.search, { query: ann!.username, viewerId: bo!.id }))).toContain(ann!.id);
    expect(await relationshipOf(world, bo!, ann!)).toMatchObject({ followedBy: true, blocking: false });
  });

  it('is reported to the owners of content by the answer and by an event, in one order only', async () => {
    await world.follow(ann!, bo!);
    const { changes } = await report(ann!, bo!);
    expect(changes!.relations).toMatchObject([
      { viewerId: ann!.id, authorId: bo!.id, reported: true, follows: true, blocked: false },
    ]);
    expect(await world.relation(ann!, bo!)).toEqual(changes!.relations[0]);
    expect(await world.relation(bo!, ann!)).toBeUndefined();
    const shown = await world.call(relationshipRpc.unblock, { viewerId: ann!.id, userId: bo!.id });
    expect(shown.changes.relations).toMatchObject([{ reported: false, follows: true }, { reported: false }]);
  });

  it('is reported before or after they block the reporter, and never half: 50 of both at once', async () => {
    const reporters = await world.users(25);
    const outcomes = await Promise.all(
      reporters.map(async (reporter) => {
        const [reported] = await Promise.allSettled([report(reporter, bo!), world.change('block', bo!, reporter)]);
        return { reporter, reported };
      }),
    );
    for (const { reporter, reported } of outcomes) {
      const { edges: found } = await world.call(reportRpc.mine, { reporterId: reporter.id });
      expect(found.length === 0).toBe(reported.status === 'rejected');
      if (reported.status === 'rejected') expect(reported.reason).toMatchObject({ code: 'NOT_FOUND' });
      expect(await world.relation(reporter, bo!)).toMatchObject({ blocked: true, reported: found.length > 0 });
    }
    await expectConsistent(world);
  });
});
