import { query } from '../../../tools/stack/postgres.mjs';
import { insertDearData } from '../fuzz/dear-data.js';
import { type Network, startNetwork } from '../src/network.js';
import { signUpTestUser } from '../src/test-users.js';
import { accepted, type Ask, asking, closedLoop, openLoop, type Outcome, p99, refused } from './offered-load.js';

const ROUNDS = 5;
const SECONDS = 8;
const CALLERS = 12;
/** Six at a time are more than two cores work on: what they get done is what there is. */
const AT_CAPACITY = 6;
const CHEAP_PER_SECOND = 20;

const CHEAP = '{ me { username } unreadNotificationCount }';
const CHEAP_VISIT = '{ user(username: "dear_1") { username } }';
/** About 1,200 points: a page of forty posts with their pictures and first comments, for users and visitors alike. */
const DEAR = `{ user(username: "dear_1") { posts(first: 40) { edges { node {
  caption likeCount commentCount author { username avatar { id } } media { url(width: 640) blurhash }
  comments(first: 5) { edges { node { text author { username } } } }
} } } } }`;

/** What came of the dear work that was offered, and of the cheap query of another user beside it. */
interface Measured {
  dear: Outcome[];
  cheap: Outcome[];
}

interface Round {
  capacity: number;
  usual: Measured;
  twice: Measured;
  /** Users and visitors each ask for as much as there is. */
  crowd: Record<'dearVisitor' | 'visitor' | 'dearUser' | 'user', Outcome[]>;
}

/**
 * Measured on a machine that does nothing else: seconds are its own, which is why this is no part of `npm test`, and why each figure is the
 * median of several rounds, compared with what the same round measured under usual load. Usual is half of what the machine can do, asked
 * for at random moments as by many users: so much is left on an ordinary day for the peak of the evening.
 */
describe('A network that is asked for twice what it can do', () => {
  let network: Network;
  const rounds: Round[] = [];

  beforeAll(async () => {
    network = await startNetwork({ extra: { gateway: { RATE_LIMIT_FACTOR: '100000' } } });
    const users = await inTurn(CALLERS, (index) => signUpTestUser(network, `dear${index}`));
    const other = await signUpTestUser(network, 'other');
    await insertUsualData(network, other.id.replace('user_', ''));
    const asks = {
      dearUser: users.map(({ client }) => asking(client, DEAR)),
      dearVisitor: users.map(() => asking(network.client(), DEAR)),
      user: [asking(other.client, CHEAP)],
      visitor: [asking(network.client(), CHEAP_VISIT)],
    };
    // What comes often is compiled.
    for (let time = 0; time < 5; time++) for (const each of Object.values(asks)) await each[0]!();
    await closedLoop(asks.dearUser.slice(0, AT_CAPACITY), SECONDS);
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(asks, round));
    process.stderr.write(`${rounds.map((round) => JSON.stringify(figuresOf(round))).join('\n')}\n`);
  }, 900_000);
  afterAll(() => network?.stop(), 60_000);

  const median = (figure: (round: ReturnType<typeof figuresOf>) => number): number =>
    rounds.map((round) => figure(figuresOf(round))).sort((a, b) => a - b)[rounds.length >> 1]!;

  it('answers what it accepts within twice the usual time', () => {
    expect(median(({ dear }) => dear.twice / dear.usual)).toBeLessThanOrEqual(2);
  });

  it('answers the cheap query of another user within three times the usual time, and refuses none', () => {
    expect(median(({ cheap }) => cheap.twice / cheap.usual)).toBeLessThanOrEqual(3);
    expect(median(({ cheap }) => cheap.refused)).toBe(0);
  });

  it('refuses at once: sooner than it answers under usual load', () => {
    expect(median(({ dear }) => dear.refused)).toBeGreaterThan(0);
    expect(median(({ dear }) => dear.refusedP99 / dear.usual)).toBeLessThan(1);
  });

  it('goes on doing more than half of what it can do, and breaks nothing that it has accepted', () => {
    expect(median(({ dear, capacity }) => dear.perSecond / capacity)).toBeGreaterThan(0.5);
    expect(median(({ dear }) => dear.broken)).toBe(0);
  });

  it('refuses visitors before users, and dear work before cheap work', () => {
    const share = (kind: keyof Round['crowd']) => median(({ crowd }) => crowd[kind]);
    expect(share('dearVisitor')).toBeGreaterThan(share('dearUser'));
    expect(share('dearVisitor')).toBeGreaterThan(share('visitor'));
    expect(share('visitor')).toBeGreaterThanOrEqual(share('user'));
    expect(share('dearUser')).toBeGreaterThan(share('user'));
    expect(share('user')).toBe(0);
  });
});

type Asks = Record<keyof Round['crowd'], Ask[]>;

async function measure(asks: Asks, seed: number): Promise<Round> {
  const atCapacity = await closedLoop(asks.dearUser.slice(0, AT_CAPACITY), SECONDS);
  const capacity = accepted(atCapacity).length / SECONDS;
  const under = async (perSecond: number): Promise<Measured> => {
    const [dear, cheap] = await Promise.all([
      openLoop(asks.dearUser, perSecond, SECONDS, seed),
      openLoop(asks.user, CHEAP_PER_SECOND, SECONDS, seed + 1),
    ]);
    return { dear, cheap };
  };
  const usual = await under(capacity / 2);
  const twice = await under(2 * capacity);
  const perSecond = { dearVisitor: capacity, dearUser: capacity, visitor: CHEAP_PER_SECOND, user: CHEAP_PER_SECOND };
  const kinds = Object.keys(perSecond) as (keyof Asks)[];
  const crowd = await Promise.all(
    kinds.map(async (kind) => [kind, await openLoop(asks[kind], perSecond[kind], SECONDS, seed)] as const),
  );
  return { capacity, usual, twice, crowd: Object.fromEntries(crowd) as Round['crowd'] };
}

function figuresOf({ capacity, usual, twice, crowd }: Round) {
  const timesOf = (kind: keyof Measured) => ({
    usual: p99(accepted(usual[kind])),
    twice: p99(accepted(twice[kind])),
    perSecond: accepted(twice[kind]).length / SECONDS,
    refused: refused(twice[kind]).length,
    refusedP99: p99(refused(twice[kind])),
    broken: twice[kind].filter(({ isBroken }) => isBroken).length,
  });
  const shareOf = (outcomes: Outcome[]) => Math.round((100 * refused(outcomes).length) / outcomes.length);
  return {
    capacity,
    dear: timesOf('dear'),
    cheap: timesOf('cheap'),
    /** Percent that was refused. */
    crowd: {
      dearVisitor: shareOf(crowd.dearVisitor),
      visitor: shareOf(crowd.visitor),
      dearUser: shareOf(crowd.dearUser),
      user: shareOf(crowd.user),
    },
  };
}

/** Full lists, and texts of the usual length. */
async function insertUsualData({ databases }: Network, viewerId: string): Promise<void> {
  await insertDearData(databases, viewerId, { users: 20, posts: 800, reactions: 20 });
  await query(databases.user!, `update profile set bio = 'Likes the sea', display_name = username`, []);
  await query(databases.post!, `update post set caption = 'A day at the sea', media_ids = media_ids[1:3]`, []);
  await query(databases.post!, `update comment set text = 'How lovely'`, []);
  await query(databases.media!, `update media set alt_text = 'The sea'`, []);
}

async function inTurn<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await work(index));
  return results;
}
