import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { compare } from './sql/compare.js';
import { Describer } from './sql/describe.js';
import { joinedChanges } from './sql/joined-changes.js';
import { SERVICES, type Service, Sources } from './sql/program.js';
import { type Statement, statementsIn } from './sql/statements.js';
import { WholeReads } from './sql/whole-reads.js';
import { isWrite } from './sql/writes.js';

/** What is true because of a condition and a CHECK together, which the comparison does not know. */
const TRUE_BY_CHECK = [
  'apps/post/src/lifecycle/sweeps/due-posts.repository.ts claims that publishAt is never null, but it can be',
  'apps/notification/src/mail/mails.repository.ts claims that recipient is never null, but it can be',
  'apps/notification/src/notifications/notification-lists.repository.ts claims that sequence is never null, but it can be',
];

/** What waits for being done, as one index each holds it, and what is kept short. */
const STAY_SMALL = [
  'outbox_unpublished',
  'media_claim_unconfirmed',
  'erased_user_open',
  'erasure_open',
  'trending_hashtag',
  'service_account',
  'service_account_pkey',
  'webhook',
  'webhook_pkey',
];

/** Two indexes look alike to who knows no values: with them, the reposts of a post are looked up by the post. */
const LOOK_ALIKE = ['libs/counters/src/counter-audit.ts reads all of post_reposts_by_author'];

// What libs/database itself sends is no statement of a service; what tests ask is asked whenever they run.
const isOfServices = (path: string): boolean => /^(apps|libs)\/(?!e2e|testing|database)[\w/-]+\/src\//.test(path);
const isFalseClaim = (path: string): boolean => path.includes('false-claims.fixture.ts');

/** What leaves out rows of a page that is not full yet, and why there are not very many of them, or what bounds them instead. */
const LEAVE_OUT = [
  // Of each author, a cold feed has few. Of whom it shows nothing, nothing is read; of one who posts for close friends alone, all is.
  'apps/post/src/feed/feed.repository.ts reads all of co_author_posts',
  'apps/post/src/feed/feed.repository.ts reads all of post_by_author',
  // The viewer's own posts with a hashtag that they follow.
  'apps/post/src/feed/hashtag-feed.repository.ts reads all of post_hashtag_newest',
  // Each report has a case: the join leaves out nothing.
  'apps/user/src/reports/report-cases.repository.ts reads all of report_of_case',
  'apps/user/src/reports/reports.repository.ts reads all of report_of_reporter',
  // Accounts that are not ACTIVE, or in a block with the viewer, and whose names begin with the text that is looked for.
  'apps/user/src/search/search.repository.ts reads all of profile_search_display_name',
];

describe('the statements in the code', () => {
  const databases: TestDatabase[] = [];
  const describers = new Map<Service, Describer>();
  const readers = new Map<Service, WholeReads>();
  let sources: Sources;

  beforeAll(async () => {
    for (const service of SERVICES) {
      const database = await createDatabase(service);
      databases.push(database);
      describers.set(service, await Describer.open(database.url));
    }
    sources = new Sources();
  });

  afterAll(async () => {
    for (const each of [...describers.values(), ...readers.values()]) await each.close();
    for (const database of databases) await database.drop();
  });

  /** What is false about a call, with its place. */
  async function falsehoodsOf(statement: Statement): Promise<string[]> {
    const found: string[] = [];
    for (const service of statement.services)
      try {
        const description = await describers.get(service)!.describe(statement.text);
        found.push(...compare(statement, description, sources.checker));
        found.push(...joinedChanges(description.plan).map((table) => `finds what it changes in ${table} by a join`));
        if (statement.isForReplicas && isWrite(description.plan)) found.push('writes, which a replica refuses');
      } catch (error) {
        found.push(`is refused by the database of ${service}: ${(error as Error).message}`);
      }
    return [...new Set(found)].map((falsehood) => `${statement.place} ${falsehood}`);
  }

  async function allFalsehoodsOf(statements: Statement[]): Promise<string[]> {
    const found: string[] = [];
    for (const statement of statements) found.push(...(await falsehoodsOf(statement)));
    return found;
  }

  /** Where what of the statements of services reads too much, in order. */
  async function readOf(ask: (reader: WholeReads, text: string) => Promise<string[]>): Promise<string[]> {
    const reads: string[] = [];
    for (const { place, services, text } of statementsIn(sources, isOfServices).statements)
      for (const service of services)
        for (const read of await ask(readers.get(service)!, text))
          reads.push(`${place.replace(/:.*/, '')} reads all of ${read}`);
    return [...new Set(reads)].sort();
  }

  it('are prepared by the migrated databases, return what their row types claim, and change rows by their keys', async () => {
    const { statements, failures } = statementsIn(sources, isOfServices);
    const falsehoods = [...failures, ...(await allFalsehoodsOf(statements))];
    const withoutLines = falsehoods.map((falsehood) => falsehood.replace(/:\d+/, ''));
    expect(falsehoods.filter((_, index) => !TRUE_BY_CHECK.includes(withoutLines[index]!))).toEqual([]);
    expect(TRUE_BY_CHECK.filter((known) => !withoutLines.includes(known))).toEqual([]);
    expect(statements.filter(({ services }) => services.length === 0)).toEqual([]);
    expect(statements.length).toBeGreaterThan(150);
  });

  it('are found where a claim is false, each at its line', async () => {
    const { statements, failures } = statementsIn(sources, isFalseClaim);
    const asked = statements.map((statement) => ({ ...statement, services: ['user' as const] }));
    const found = [...(await allFalsehoodsOf(asked)), ...failures];
    expect(found.map((falsehood) => falsehood.replace(/^.*fixture\.ts:/, ''))).toEqual([
      '6 claims that id is number, but it is string',
      '7 claims a column name, which the statement does not return',
      '7 does not claim the column username, which the statement returns',
      '8 claims that avatar_media_id is never null, but it can be',
      '9 claims that id can be null, but it never is',
      '10 claims that at is never null, but it can be',
      '11 claims that count can be null, but it never is',
      '12 claims that last is never null, but it can be',
      '13 claims that count is string, but it is number',
      '14 passes 0 values for 1',
      '15 is refused by the database of user: relation "profiles" does not exist',
      '16 finds what it changes in follow by a join',
      '17 finds what it changes in follow by a join',
      '18 finds what it changes in profile by a join',
      '22 writes, which a replica refuses',
      '23 writes, which a replica refuses',
      '21 has a text that nobody gives',
    ]);
  });

  it('read no table that grows as a whole', async () => {
    for (const [index, service] of SERVICES.entries())
      readers.set(service, await WholeReads.open(databases[index]!.url));
    const reads = await readOf((reader, text) => reader.of(text));
    expect(reads.filter((read) => !STAY_SMALL.some((name) => read.endsWith(` ${name}`)))).toEqual(LOOK_ALIKE);
  });

  it('leave out what a page does not show from a bounded number of rows', async () => {
    expect(await readOf((reader, text) => reader.unboundedPagesOf(text))).toEqual(LEAVE_OUT);
  });

  it('are found where a page goes on until it is full', async () => {
    const reader = readers.get('user')!;
    const places = (more: string) =>
      `select followee_id, created_at from follow where follower_id = $1 and (created_at, followee_id) < ($2::timestamptz, $3::uuid) ${more}
       order by created_at desc, followee_id desc limit`;
    const isActive = `(select status = 'ACTIVE' from profile where id = followee_id limit 1)`;
    expect(await reader.unboundedPagesOf(`${places('')} $4`)).toEqual([]);
    expect(await reader.unboundedPagesOf(`${places(`and ${isActive}`)} $4`)).toEqual(['follow_following_newest']);
    expect(
      await reader.unboundedPagesOf(`select * from (${places('')} 500) looked where ${isActive} limit $4`),
    ).toEqual([]);
  });

  it('are found where no index helps them', async () => {
    const reader = readers.get('user')!;
    const read = (text: string) => reader.of(text);
    expect(await read('select id from profile where bio = $1')).toEqual(['profile']);
    expect(await read('select id from profile where id = any($1)')).toEqual([]);
    expect(await read('select id from profile order by id limit 5')).toEqual([]);
    expect(await read('select id from profile where bio is null order by id limit 5')).toEqual(['profile_pkey']);
  });
});
