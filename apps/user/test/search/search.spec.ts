import { discoveryRpc, type Profile, relationshipRpc, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { BY_BEGINNING, FOLLOWED_GROUPS, SIMILAR_OTHERS } from '../../src/search/search-groups.sql.js';
import { openWorld, type World } from '../world.js';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

/** Somebody of this username, with a display name where one is given. */
async function userNamed(username: string, displayName = ''): Promise<Profile> {
  const { id: userId } = await world.call(userRpc.createProfile, { userId: newId(), username });
  return world.call(userRpc.updateProfile, { userId, displayName });
}

async function find(query: string, viewer?: { id: string }): Promise<string[]> {
  const page = await world.call(discoveryRpc.search, { query, viewerId: viewer?.id, first: 100 });
  const profiles = await world.call(userRpc.profilesByIds, { ids: page.edges.map(({ node }) => node) });
  const names = new Map(profiles.map(({ id, username }) => [id, username]));
  return page.edges.map(({ node }) => names.get(node)!);
}

/** Reads a search to its end; `between` happens after each page. */
async function readAll(
  query: string,
  { first, viewer, between }: { first: number; viewer?: Profile; between?: () => Promise<unknown> },
): Promise<string[]> {
  const read: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await world.call(discoveryRpc.search, { query, viewerId: viewer?.id, first, after });
    read.push(...page.edges.map(({ node }) => node));
    if (!page.hasNextPage) return read;
    after = page.edges.at(-1)!.cursor;
    await between?.();
  }
}

describe('a search for users', () => {
  it('finds the exact username first, then beginnings of usernames, of display names, and similar names', async () => {
    await userNamed('marlon', 'Somebody');
    await userNamed('marlon.b');
    await userNamed('xavier7', 'Marlon Brando');
    await userNamed('zed_7', 'Brando Marlon');
    await userNamed('marlno_k');
    expect(await find('marlon')).toEqual(['marlon', 'marlon.b', 'xavier7', 'zed_7']);
    expect((await find('brando marlon'))[0]).toBe('zed_7');
    expect(await find('marlonbrndo')).toEqual(['zed_7']);
    expect(await find('nobodyatall')).toEqual([]);
    expect(await find('marlom.b')).toContain('marlon.b');
  });

  // Two letters that changed places, one that is missing, one too many, one that is wrong.
  it.each(['jhon hawthorne', 'john hawthrone', 'john hawthorn', 'john hawwthorne', 'john hawtkorne'])(
    'forgives one slip of the fingers, also to whoever follows them: %s',
    async (query) => {
      const viewer = await world.user();
      const slipped = await userNamed(`slip${newId().slice(-12)}`, 'John Hawthorne');
      expect(await find(query)).toContain(slipped.username);
      await world.follow(viewer, slipped);
      expect((await find(query, viewer))[0]).toBe(slipped.username);
    },
  );

  it('asks for most of a long text, so that little of the index is read, and of the next text as much as of any', async () => {
    const long = await userNamed('longsought', 'Bartholomew Featherstonehaugh');
    expect(await find('bartholomew featherstonehuagh')).toEqual([long.username]);
    expect(await find('bartholomew featqwzykjm')).toEqual([]);
    expect(await find('bartholmew')).toEqual([long.username]);
    expect(await find('barthoxx')).toEqual([long.username]);
  });

  it('puts whom the viewer follows first within each of these, and nobody twice', async () => {
    const viewer = await world.user();
    const names = ['quentin', 'quentina', 'quentinb', 'quentinc'];
    const [exact, a, b, c] = (await Promise.all(names.map((name) => userNamed(name)))) as [Profile, ...Profile[]];
    const [d, e] = [await userNamed('other_d', 'Quentin D'), await userNamed('other_e', 'Quentin E')];
    await Promise.all([world.follow(viewer, c!), world.follow(viewer, e)]);
    const ids = [exact, c, a, b, e, d].map((user) => user!.id);
    for (const first of [100, 1, 2]) expect(await readAll('quentin', { first, viewer })).toEqual(ids);
    const strangers = [exact, a, b, c, d, e].map((user) => user!.id);
    expect(await readAll('quentin', { first: 1 })).toEqual(strangers);
  });

  it('finds a similar name once, however many the viewer has come to follow since', async () => {
    const viewer = await world.user();
    const [old, recent] = [await userNamed('wolframstonehaugh_a'), await userNamed('wolframstonehaugh_b')];
    await world.follow(viewer, old);
    await world.db.query(FOLLOWS_MANY, [viewer.id]);
    await world.follow(viewer, recent);
    expect(await readAll('wolframstonehuagh', { first: 1, viewer })).toEqual([recent.id, old.id]);
  });

  it.each([
    ['zoe', 'Zoë Åkesson'],
    ['ZOË', 'zoe akesson'],
    ['Zoe\u0308', 'Zoë'],
    ['ａｎｎｅｌｉｅｓｅ', 'Annelíese'],
    ['strasse', 'Straße 7'],
    ['пётр', 'ПЁТР Ильич'],
    ['Петр', 'Пётр Ильич'],
    ['άννα', 'ΑΝΝΑ'],
    ['李小', '李小龍'],
    ['🌊', '🌊 wave'],
  ])('takes %s for %s', async (query, displayName) => {
    const found = await userNamed(`u${newId().slice(-12)}`, displayName);
    expect(await find(query)).toContain(found.username);
  });

  it('knows a name that is written with an @ in front, and names in which characters mean something to a pattern', async () => {
    await userNamed('per_cent', '100% sure_thing');
    await userNamed('per1cent', '100x sure1thing');
    expect(await find('@per_cent')).toEqual(['per_cent']);
    expect(await find('per_')).toEqual(['per_cent', 'per1cent']);
    expect(await find('100%')).toEqual(['per_cent', 'per1cent']);
    for (const query of ['%', '_', '\\', '%%%', '.*', "'", '@', '***', '(((', 'a'.repeat(64), 'ﷺ'.repeat(64)])
      expect(await find(query)).not.toContain('per1cent');
  });

  it.each(['DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED'])('finds nobody who is %s', async (status) => {
    const name = `hid${newId().slice(-12)}`;
    const hidden = await userNamed(name, `Name ${name}`);
    const viewer = await world.user();
    await world.follow(viewer, hidden);
    const queries = [name, name.slice(0, -1), `name ${name}`, `x${name}`];
    for (const query of queries) expect(await find(query, viewer)).toEqual([name]);
    await world.db.query(`update profile set status = $2, suspended_until = now() + interval '1 day' where id = $1`, [
      hidden.id,
      status,
    ]);
    for (const query of queries) expect([await find(query, viewer), await find(query)]).toEqual([[], []]);
  });

  it.each(['searcher', 'found'])(
    'finds nobody where the one who is the %s blocks the other, until that ends',
    async (who) => {
      const name = `blk${newId().slice(-12)}`;
      const [searcher, found] = [await world.user(), await userNamed(name, `Name ${name}`)];
      const [viewerId, userId] = who === 'found' ? [found.id, searcher.id] : [searcher.id, found.id];
      const queries = [name, name.slice(0, -1), `name ${name}`, `x${name}`];
      await world.call(relationshipRpc.block, { viewerId, userId });
      for (const query of queries) expect([await find(query, searcher), await find(query)]).toEqual([[], [name]]);
      await world.call(relationshipRpc.unblock, { viewerId, userId });
      for (const query of queries) expect(await find(query, searcher)).toEqual([name]);
    },
  );

  it('knows a new name at once, and the old one no longer', async () => {
    const user = await userNamed('formername', 'Former Name');
    await world.call(userRpc.updateProfile, { userId: user.id, username: 'latername', displayName: 'Läter Name' });
    expect([await find('formername'), await find('later')]).toEqual([[], ['latername']]);
  });

  it('neither repeats nor skips anybody while others come and go, in pages of any length', async () => {
    const viewer = await world.user();
    const users: Profile[] = [];
    for (let index = 0; index < 12; index++)
      users.push(await userNamed(`page_${index}`, index % 2 ? `Mid Page${index}` : ''));
    for (let index = 0; index < 6; index++) users.push(await userNamed(`my_pages${index}`, 'Page'));
    await Promise.all([3, 7, 13].map((index) => world.follow(viewer, users[index]!)));
    const all = await readAll('page', { first: 100, viewer });
    expect(new Set(all)).toEqual(new Set(users.map(({ id }) => id)));
    let comers = 0;
    const between = async () => {
      const comer = await userNamed(`page_0_${comers++}`);
      await world.db.query(`update profile set status = 'BANNED' where id = $1`, [comer.id]);
    };
    for (const first of [1, 2, 5, 7]) expect(await readAll('page', { first, viewer, between })).toEqual(all);
  });

  it.each(['', ' ', '\u200b', '\u202e\u2066', '\u0301', '\0', 'a\ud800', 'a'.repeat(65)])(
    'refuses %j at its field',
    async (query) => {
      await expect(world.call(discoveryRpc.search, { query })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['query'] },
      });
    },
  );

  it('goes on with the same search in other letters, and refuses the cursor of no search at all', async () => {
    const [ann] = (await world.users(1)) as [Profile];
    await Promise.all(['cursor_a', 'cursor_b'].map((name) => userNamed(name)));
    const page = (query: string, viewer: Profile, after?: string) =>
      world.call(discoveryRpc.search, { query, viewerId: viewer.id, first: 1, after });
    const { cursor } = (await page('cursor', ann)).edges[0]!;
    expect((await page('CURSOR', ann, cursor)).edges).toHaveLength(1);
    const follow = await world.call(userRpc.followers, { userId: ann.id });
    expect(follow.edges).toEqual([]);
    for (const after of ['x', cursor.replace(/:[^:]*$/, ':\0'), cursor.replace(/^-?\d/, '9')])
      await expect(page('cursor', ann, after)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { path: ['after'], reason: 'BAD_CURSOR' },
      });
  });
});

/** More than are compared with a text for being followed. */
const FOLLOWS_MANY = `
  with many as (
    insert into profile (id, username) select gen_random_uuid(), 'followed_many_' || translate(n::text, '0123456789', 'abcdefghij') from generate_series(1, 300) n returning id
  )
  insert into follow (follower_id, followee_id, created_at) select $1, id, now() from many`;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** More users than any page may read, many of one name, of whom many are banned. */
const CROWD = `
  insert into profile (id, username, display_name, status)
  select gen_random_uuid(), 'crowd' || n || case when n % 3 = 0 then 'smith' else 'x' end,
    case when n % 2 = 0 then 'Crowdy ' || md5(n::text) else 'Mary Crowds' end, case when n <= 6000 then 'BANNED' else 'ACTIVE' end
  from generate_series($1::int, $1::int + 2999) n`;

describe('what a search for users reads', () => {
  let viewer: Profile;

  beforeAll(async () => {
    viewer = await world.user();
    for (const from of [1, 3_001, 6_001, 9_001]) await world.db.query(CROWD, [from]);
    await world.db.query(
      `insert into follow (follower_id, followee_id, created_at)
       select $1, id, now() from profile where username like 'crowd%' limit 2000`,
      [viewer.id],
    );
    await world.db.query('analyze profile');
    await world.db.query('analyze follow');
  });

  // The plan that a prepared statement keeps, which knows no values: the worst that a connection may use.
  async function planOf(statement: string, values: unknown[]): Promise<Plan[]> {
    return world.db.transaction(async (tx) => {
      await tx.query('set local plan_cache_mode = force_generic_plan');
      const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, timing off, format json) ${statement}`,
        values,
      );
      return nodesOf(row!['QUERY PLAN'][0].Plan);
    });
  }

  const first = (key: string) => [key, '00000000-0000-0000-0000-000000000000'];
  const groups: [name: string, statement: string, placesOf: (text: string) => unknown[], atMost: number][] = [
    // Of all whom the viewer does not follow a page, those of the page whom the viewer follows, and 250 to count.
    ['othersByUsername', BY_BEGINNING.othersByUsername, first, 3_000],
    ['othersByDisplayName', BY_BEGINNING.othersByDisplayName, first, 3_000],
    ['othersBySimilarity', SIMILAR_OTHERS, () => [...first(''), false], 3_000],
    ['followed', FOLLOWED_GROUPS, (text) => [...first(text), ...first(text), ...first(''), true, false], 1_000],
  ];
  const texts = ['c', 'crowd', 'crowdy', 'mary crowds', 'crwods', 'smith', 'no-such-name', '***', 'x'];

  it.each(groups.flatMap((group) => texts.map((text) => [group[0], text, group] as const)))(
    'is bounded and found by an index: %s, %s',
    async (_, text, [, statement, placesOf, atMost]) => {
      const nodes = await planOf(statement, [text, viewer.id, ...placesOf(text)]);
      const scans = nodes.filter((node) => node['Relation Name'] === 'profile' || node['Relation Name'] === 'follow');
      expect(scans.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      const rows = scans.map(
        (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      );
      expect(Math.max(...rows)).toBeLessThanOrEqual(atMost);
    },
  );
});
