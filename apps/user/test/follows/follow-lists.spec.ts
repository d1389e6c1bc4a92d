import { encodePosition } from '@fowergram/contracts-core';
import { discoveryRpc, relationshipRpc, type AccountStatus, type Profile, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../world.js';

describe('the lists of followers', () => {
  let world: World;
  let ann: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void (ann = await world.user()));

  type List = 'followers' | 'following' | 'mutualFollows';

  /** Reads a list to its end; `between` happens after each page. */
  async function readAll(
    list: List,
    first: number,
    between: () => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const read: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await world.call(userRpc[list], { userId: ann.id, first, after });
      read.push(...page.edges.map(({ node }) => node));
      if (!page.hasNextPage) return read;
      after = page.edges.at(-1)!.cursor;
      await between();
    }
  }

  async function followersOf(user: Profile, count: number): Promise<string[]> {
    const followers = await world.users(count);
    for (const follower of followers) await world.follow(follower, user);
    return followers.map(({ id }) => id);
  }

  it('show the newest first, page by page', async () => {
    const ids = await followersOf(ann, 7);
    const listed = await readAll('followers', 3);
    expect(new Set(listed)).toEqual(new Set(ids));
    const positions = await world.db.query<{ id: string }>(
      'select follower_id as id from follow where followee_id = $1 order by created_at desc, follower_id desc',
      [ann.id],
    );
    expect(listed).toEqual(positions.map(({ id }) => id));
    const [first] = (await world.call(userRpc.followers, { userId: ann.id, first: 1 })).edges;
    expect([ids.at(-1), ids.at(-2)]).toContain(first!.node);
  });

  it('show whom one follows, the newest first', async () => {
    const users = await world.users(5);
    for (const followee of users) await world.follow(ann, followee);
    expect(new Set(await readAll('following', 2))).toEqual(new Set(users.map(({ id }) => id)));
    expect(await readAll('followers', 2)).toEqual([]);
  });

  it('neither repeat nor skip anybody while others come and go', async () => {
    const ids = await followersOf(ann, 20);
    const read = await readAll('followers', 3, async () => {
      const [stranger, passer] = (await world.users(2)) as [Profile, Profile];
      await Promise.all([world.follow(stranger, ann), world.follow(passer, ann)]);
      await world.unfollow(passer, ann);
    });
    expect(new Set(read).size).toBe(read.length);
    expect(new Set(read)).toEqual(new Set(ids));
  });

  it('continue after a follower who left meanwhile', async () => {
    const ids = await followersOf(ann, 4);
    const page = await world.call(userRpc.followers, { userId: ann.id, first: 2 });
    const last = page.edges.at(-1)!;
    await world.unfollow({ id: last.node }, ann);
    const rest = await world.call(userRpc.followers, { userId: ann.id, first: 10, after: last.cursor });
    expect([...page.edges, ...rest.edges].map(({ node }) => node).sort()).toEqual([...ids].sort());
    expect(rest.hasNextPage).toBe(false);
  });

  it('put followers of the same millisecond in one order', async () => {
    const users = await world.users(9);
    await world.db.query(
      'insert into follow (follower_id, followee_id, created_at) select id, $2, now() from unnest($1::uuid[]) as p (id)',
      [users.map(({ id }) => id), ann.id],
    );
    expect(await readAll('followers', 2)).toEqual(
      users
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });

  it('are empty for somebody new, and unknown for nobody', async () => {
    expect(await world.call(userRpc.followers, { userId: ann.id })).toEqual({ edges: [], hasNextPage: false });
    for (const list of ['followers', 'following'] as const) {
      await expect(world.call(userRpc[list], { userId: newId() })).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: ['userId'] },
      });
    }
  });

  const become = (user: { id: string }, status: AccountStatus, until: string | null = null) =>
    world.db.query(`update profile set status = $2, suspended_until = now() + $3::interval where id = $1`, [
      user.id,
      status,
      until,
    ]);

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'] as const)(
    'show nobody who is %s, fill their pages with others, and show them again when they are back',
    async (status) => {
      for (const list of ['followers', 'following'] as const) {
        const users = await world.users(9);
        for (const user of users) await (list === 'followers' ? world.follow(user, ann) : world.follow(ann, user));
        const all = await readAll(list, 2);
        const hidden = [all[0]!, all[1]!, all[2]!, all[5]!, all[8]!];
        for (const id of hidden) await become({ id }, status, '1 day');
        expect(await world.call(userRpc[list], { userId: ann.id, first: 3 })).toMatchObject({
          edges: [3, 4, 6].map((index) => ({ node: all[index] })),
          hasNextPage: true,
        });
        expect(await readAll(list, 2)).toEqual(all.filter((id) => !hidden.includes(id)));
        for (const id of hidden) await become({ id }, 'SUSPENDED', '0 seconds');
        expect(await readAll(list, 2)).toEqual(all);
      }
    },
  );

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'] as const)(
    'of somebody who is %s are not shown, however long they are',
    async (status) => {
      const [bo] = (await world.users(1)) as [Profile];
      await Promise.all([world.follow(ann, bo), world.follow(bo, ann)]);
      await become(ann, status, '1 day');
      for (const list of ['followers', 'following'] as const) {
        await expect(world.call(userRpc[list], { userId: ann.id })).rejects.toMatchObject({
          code: 'NOT_FOUND',
          details: { path: ['userId'] },
        });
      }
    },
  );

  it('are empty for everybody but oneself while the user hides them', async () => {
    const [bo] = (await world.users(1)) as [Profile];
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann)]);
    const show = (showsFollowLists: boolean) => world.call(userRpc.updateProfile, { userId: ann.id, showsFollowLists });
    const listed = async (list: List, viewerId: string | null) =>
      (await world.call(userRpc[list], { userId: ann.id, viewerId })).edges.map(({ node }) => node);
    for (const list of ['followers', 'following'] as const) {
      await show(false);
      for (const viewerId of [null, bo.id, newId()]) expect(await listed(list, viewerId)).toEqual([]);
      expect(await listed(list, ann.id)).toEqual([bo.id]);
      await show(true);
      for (const viewerId of [null, bo.id, ann.id]) expect(await listed(list, viewerId)).toEqual([bo.id]);
    }
  });

  it('tell who follows back, page by page, without those who are hidden or do not', async () => {
    const [hidden, ...users] = (await world.users(7)) as [Profile, ...Profile[]];
    for (const user of [hidden, ...users]) await world.follow(ann, user);
    const back = [users[4]!, users[1]!, users[0]!];
    for (const user of [hidden, ...back, await world.user()]) await world.follow(user, ann);
    await become(hidden, 'BANNED');
    const ids = back.map(({ id }) => id);
    for (const first of [1, 2, 100]) expect(await readAll('mutualFollows', first)).toEqual(ids);
    await world.call(userRpc.updateProfile, { userId: ann.id, showsFollowLists: false });
    expect(await readAll('mutualFollows', 100)).toEqual([]);
  });

  it('show whom the viewer knows among the followers, whom the viewer followed last first', async () => {
    const [viewer, blocked, hidden, ...others] = (await world.users(8)) as [Profile, Profile, Profile, ...Profile[]];
    const familiar = [others[2]!, others[0]!, others[3]!];
    for (const user of [blocked, hidden, ...others]) await world.follow(user, ann);
    for (const user of [blocked, hidden, ...familiar, await world.user()]) await world.follow(viewer, user);
    await world.call(relationshipRpc.block, { viewerId: blocked.id, userId: viewer.id });
    await become(hidden, 'BANNED');
    const ids = familiar.map(({ id }) => id).reverse();
    const read = async (first: number, after?: string): Promise<string[]> => {
      const input = { userId: ann.id, viewerId: viewer.id, first, after };
      const page = await world.call(discoveryRpc.familiarFollowers, input);
      const nodes = page.edges.map(({ node }) => node);
      return page.hasNextPage ? [...nodes, ...(await read(first, page.edges.at(-1)!.cursor))] : nodes;
    };
    for (const first of [1, 2, 100]) expect(await read(first)).toEqual(ids);
    for (const change of [{ showsFollowLists: false }, { showsFollowLists: true, isPrivate: true }]) {
      await world.call(userRpc.updateProfile, { userId: ann.id, ...change });
      expect(await read(100)).toEqual([]);
    }
    await world.call(userRpc.updateProfile, { userId: ann.id, isPrivate: false });
    expect(await read(100)).toEqual(ids);
  });

  it.each([{ first: -1 }, { first: 101 }, { after: 'not a cursor' }])('refuse the page %j', async (page) => {
    await expect(world.call(userRpc.followers, { userId: ann.id, ...page })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: Object.keys(page) },
    });
  });

  it('have a page of nothing, which says whether there is something', async () => {
    const nothing = { userId: ann.id, first: 0 };
    expect(await world.call(userRpc.followers, nothing)).toEqual({ edges: [], hasNextPage: false });
    await followersOf(ann, 1);
    expect(await world.call(userRpc.followers, nothing)).toEqual({ edges: [], hasNextPage: true });
  });

  it('take a cursor of any time', async () => {
    const [id] = await followersOf(ann, 1);
    const after = encodePosition({ at: new Date(36 ** 10 - 1), id: newId() });
    expect((await world.call(userRpc.followers, { userId: ann.id, after })).edges).toMatchObject([{ node: id }]);
    expect(
      (await world.call(userRpc.followers, { userId: ann.id, after: encodePosition({ at: new Date(0), id: newId() }) }))
        .edges,
    ).toEqual([]);
  });
});

describe('the ids for fan-out', () => {
  let world: World;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it('come in the order of ids, in pages that continue after the last one', async () => {
    const [ann, ...others] = (await world.users(8)) as [Profile, ...Profile[]];
    await Promise.all(others.map((follower) => world.follow(follower, ann)));
    const read: string[] = [];
    for (let afterId: string | undefined, more = true; more; afterId = read.at(-1)) {
      const page = await world.call(userRpc.followerIds, { userId: ann.id, afterId, limit: 3 });
      read.push(...page.ids);
      more = page.hasMore;
    }
    expect(read).toEqual(others.map(({ id }) => id).sort());
    expect(await world.call(userRpc.followerIds, { userId: ann.id, limit: 7 })).toEqual({ ids: read, hasMore: false });
  });

  it('include users who are hidden now: their posts stay in feeds', async () => {
    const [ann, bo] = (await world.users(2)) as [Profile, Profile];
    await Promise.all([world.follow(ann, bo), world.follow(bo, ann)]);
    await world.db.query(`update profile set status = 'DEACTIVATED', dormant = true where id = $1`, [bo.id]);
    expect((await world.call(userRpc.followerIds, { userId: ann.id, limit: 10 })).ids).toEqual([bo.id]);
    expect((await world.call(userRpc.followeeIds, { userId: ann.id })).ids).toEqual([bo.id]);
  });

  it('are everybody whom one follows, and nobody for somebody unknown', async () => {
    const [ann, ...others] = (await world.users(4)) as [Profile, ...Profile[]];
    for (const followee of others) await world.follow(ann, followee);
    expect((await world.call(userRpc.followeeIds, { userId: ann.id })).ids.sort()).toEqual(
      others.map(({ id }) => id).sort(),
    );
    expect(await world.call(userRpc.followeeIds, { userId: newId() })).toEqual({ ids: [] });
    expect(await world.call(userRpc.followerIds, { userId: newId(), limit: 10 })).toEqual({ ids: [], hasMore: false });
  });
});
