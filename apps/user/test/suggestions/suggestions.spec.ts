import { discoveryRpc, type Profile, relationshipRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { SUGGESTIONS } from '../../src/suggestions/suggestions.sql.js';
import { openWorld, type World } from '../world.js';

describe('suggestions', () => {
  let world: World;
  let viewer: Profile;
  let friends: Profile[];

  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => {
    viewer = await world.user();
    friends = await world.users(3);
    for (const friend of friends) await world.follow(viewer, friend);
  });

  /** Somebody whom so many of the viewer's friends follow. */
  async function known(overlap: number): Promise<Profile> {
    const user = await world.user();
    for (const friend of friends.slice(0, overlap)) await world.follow(friend, user);
    return user;
  }

  async function suggested(first = 100, between?: () => Promise<unknown>): Promise<string[]> {
    const read: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await world.call(discoveryRpc.suggestions, { viewerId: viewer.id, first, after });
      read.push(...page.edges.map(({ node }) => node));
      if (!page.hasNextPage) return read;
      after = page.edges.at(-1)!.cursor;
      await between?.();
    }
  }

  const dismiss = (dismissedId: string, viewerId = viewer.id) =>
    world.call(discoveryRpc.dismissSuggestion, { viewerId, dismissedId });
  const pair = (user: Profile) => ({ viewerId: viewer.id, userId: user.id });

  it('are followed by those whom the viewer follows: the more of them, the earlier', async () => {
    const [one, three, two] = [await known(1), await known(3), await known(2)];
    await world.follow(one, await world.user());
    expect(await suggested()).toEqual([three.id, two.id, one.id]);
  });

  it('are nobody for a viewer who follows nobody', async () => {
    viewer = await world.user();
    expect(await suggested()).toEqual([]);
  });

  it('come in pages that repeat and skip nobody, also while some of them are followed', async () => {
    const users = [];
    for (const overlap of [1, 1, 2, 3, 1, 2, 1]) users.push(await known(overlap));
    const all = await suggested();
    expect(new Set(all)).toEqual(new Set(users.map(({ id }) => id)));
    expect([await suggested(1), await suggested(2), await suggested(3)]).toEqual([all, all, all]);
    const followFirst = async () => world.follow(viewer, { id: (await suggested(1))[0]! });
    expect(await suggested(2, followFirst)).toEqual(all);
  });

  it.each<[string, (user: Profile) => Promise<unknown>]>([
    ['the viewer follows', (user) => world.follow(viewer, user)],
    [
      'the viewer has asked to follow',
      async (user) => {
        await world.call(userRpc.updateProfile, { userId: user.id, isPrivate: true });
        expect(await world.follow(viewer, user)).toMatchObject({ requested: true });
      },
    ],
    ['the viewer blocks', (user) => world.call(relationshipRpc.block, pair(user))],
    ['the viewer is blocked by', (user) => world.call(relationshipRpc.block, { viewerId: user.id, userId: viewer.id })],
    ['the viewer mutes', (user) => world.call(relationshipRpc.mute, pair(user))],
    ['the viewer has dismissed', (user) => dismiss(user.id)],
    ['nobody sees', (user) => world.db.query(`update profile set status = 'BANNED' where id = $1`, [user.id])],
  ])('leave out whom %s', async (_who, change) => {
    const [user, other] = [await known(2), await known(1)];
    expect(await suggested()).toEqual([user.id, other.id]);
    await change(user);
    expect(await suggested()).toEqual([other.id]);
  });

  it('tell nothing of a list that its user hides', async () => {
    const [user] = [await known(2)];
    await world.call(userRpc.updateProfile, { userId: friends[0]!.id, showsFollowLists: false });
    expect(await suggested()).toEqual([user.id]);
    await world.call(userRpc.updateProfile, { userId: friends[1]!.id, showsFollowLists: false });
    expect(await suggested()).toEqual([]);
  });

  it('come from nobody who follows more than a thousand', async () => {
    const user = await known(2);
    const follows = (count: number) =>
      world.db.query('update follow_count set following_count = $2 where user_id = any($1::uuid[])', [
        friends.map(({ id }) => id),
        count,
      ]);
    await follows(1_001);
    expect(await suggested()).toEqual([]);
    await follows(900);
    expect(await suggested()).toEqual([user.id]);
  });

  it('are dismissed once, for this viewer only, and the newest thousand of them are remembered', async () => {
    const user = await known(2);
    for (let times = 0; times < 2; times++) expect(await dismiss(user.id)).toEqual({ dismissedId: user.id });
    const before = viewer;
    viewer = await world.user();
    await world.follow(viewer, friends[0]!);
    expect(await suggested()).toEqual([user.id]);
    viewer = before;
    await world.db.query(
      `with made as (insert into profile (id, username) select gen_random_uuid(), 'gone' || n from generate_series(1, 1000) n returning id)
       insert into dismissed_suggestion (user_id, dismissed_id, created_at) select $1, id, now() + interval '1 minute' from made`,
      [viewer.id],
    );
    await dismiss(friends[0]!.id);
    const [row] = await world.db.query('select count(*) as count from dismissed_suggestion where user_id = $1', [
      viewer.id,
    ]);
    expect(row).toEqual({ count: 1_000 });
    expect(await suggested()).toEqual([user.id]);
  });

  it('cannot be dismissed of oneself, of nobody, of whom nobody sees, and of who blocks the viewer', async () => {
    const [hidden, blocker] = [await known(1), await known(1)];
    await world.db.query(`update profile set status = 'BANNED' where id = $1`, [hidden.id]);
    await world.call(relationshipRpc.block, { viewerId: blocker.id, userId: viewer.id });
    for (const id of [newId(), hidden.id, blocker.id])
      await expect(dismiss(id)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['dismissedId'] } });
    await expect(dismiss(viewer.id)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['dismissedId'], reason: 'ONESELF' },
    });
    expect(await world.db.query('select from dismissed_suggestion where user_id = $1', [viewer.id])).toEqual([]);
  });

  it('refuse the cursor of another list', async () => {
    await expect(
      world.call(discoveryRpc.suggestions, { viewerId: viewer.id, after: 'l2x:follower' }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['after'], reason: 'BAD_CURSOR' } });
  });

  it('look at whom 150 users follow, found by an index', async () => {
    await world.db.query(
      `insert into profile (id, username) select gen_random_uuid(), 'many' || n from generate_series(1, 200) n`,
    );
    for (let part = 0; part < 8; part++)
      await world.db.query(
        `insert into follow (follower_id, followee_id, created_at)
         select a.id, b.id, now() from profile a, profile b
         where (a.id = $1 or a.username like 'many%') and b.username like 'many%' and a.id <> b.id
           and substr(b.username, 5)::int % 8 = $2::int`,
        [viewer.id, part],
      );
    await world.db.query('analyze follow');
    const [row] = await world.db.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, timing off, format json) ${SUGGESTIONS}`,
      [viewer.id, 999_999_999, '00000000-0000-0000-0000-000000000000', 21],
    );
    const scans = nodesOf(row!['QUERY PLAN'][0].Plan).filter((node) => node['Relation Name'] === 'follow');
    expect(Math.max(...scans.map((node) => node['Actual Rows'] * node['Actual Loops']))).toBeLessThanOrEqual(150 * 199);
    expect(scans.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });
});

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
