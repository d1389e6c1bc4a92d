import { randomFrom } from '../random.js';

export interface CrowdSize {
  users: number;
  posts: number;
  likes: number;
  /** The same seed makes the same crowd again. */
  seed: number;
}

const YEAR_MS = 365 * 24 * 3_600_000;
const FOLLOWS_PER_USER = 20;
/** How far the numbers of likes and comments lie apart: the smaller, the more has the first of all. */
const EXPONENT = 1.3;

/** Who there is, who follows whom, who wrote what and when, and how many like it: all of it follows from the seed, none of it is stored. */
export class CrowdShape {
  readonly userIds: string[];
  readonly likesOf: Uint32Array;
  readonly commentsOf: Uint32Array;
  readonly authorOf: Uint32Array;
  readonly postsBy: Uint32Array;
  readonly followersOf: Uint32Array;
  readonly followingOf: Uint32Array;
  private readonly firstMs: number;

  constructor(
    readonly size: CrowdSize,
    private readonly endsAt: number,
  ) {
    const { users, posts, likes, seed } = size;
    this.firstMs = endsAt - YEAR_MS;
    this.userIds = Array.from({ length: users }, (_none, user) => this.id(1, user, this.firstMs));
    const random = randomFrom(seed);
    this.authorOf = Uint32Array.from({ length: posts }, () => Math.floor(users * random() ** 2));
    this.postsBy = countsOf(this.authorOf, users);
    this.likesOf = shares(likes, posts, users - 1, randomFrom(seed + 1));
    this.commentsOf = shares(Math.floor(likes / 10), posts, 100_000, randomFrom(seed + 2));
    [this.followersOf, this.followingOf] = [new Uint32Array(users), new Uint32Array(users)];
    for (const [follower, followee] of this.follows()) {
      this.followersOf[followee]!++;
      this.followingOf[follower]!++;
    }
  }

  /** Ids as the services make them: in the order of their time. */
  id(kind: number, index: number, atMs: number): string {
    const time = atMs.toString(16).padStart(12, '0');
    const [a, b, c] = [1, 2, 3].map((part) => hashOf(this.size.seed, kind, index, part)) as [string, string, string];
    return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${a.slice(3, 6)}-${b}${c.slice(0, 4)}`;
  }

  postedMs(post: number): number {
    return Math.floor(this.firstMs + ((post + 1) / (this.size.posts + 1)) * YEAR_MS);
  }

  postId(post: number): string {
    return this.id(2, post, this.postedMs(post));
  }

  /** The moment of the nth of `count` things that happen to a post: more at the beginning, none in the future. */
  momentAfter(post: number, nth: number, count: number): number {
    const postedMs = this.postedMs(post);
    return Math.floor(postedMs + ((nth + 1) / (count + 1)) ** 3 * (this.endsAt - postedMs));
  }

  /** The users who like a post, none twice: steps through all of them that never meet. */
  *likersOf(post: number): Generator<number> {
    const { users, seed } = this.size;
    const random = randomFrom(seed + 7 * post);
    const step = coprime(1 + Math.floor(random() * (users - 1)), users);
    let user = Math.floor(random() * users);
    for (let nth = 0; nth < this.likesOf[post]!; nth++) {
      yield user;
      user = (user + step) % users;
    }
  }

  /** Pairs of follower and followee: the third power gives some very many followers and most a few. */
  *follows(): Generator<[number, number]> {
    const { users, seed } = this.size;
    const random = randomFrom(seed + 3);
    for (let follower = 0; follower < users; follower++) {
      const followees = new Set<number>();
      for (let nth = 0; nth < FOLLOWS_PER_USER; nth++) followees.add(Math.floor(users * random() ** 3));
      followees.delete(follower);
      for (const followee of [...followees].sort((one, other) => one - other)) yield [follower, followee];
    }
  }
}

/** Divides a total by a power law, each part at most `most`; what the first of all may not have goes to the others. */
function shares(total: number, parts: number, most: number, random: () => number): Uint32Array {
  const weights = Float64Array.from({ length: parts }, () => (1 - random()) ** (-1 / EXPONENT));
  const sum = weights.reduce((one, other) => one + other, 0);
  const found = Uint32Array.from(weights, (weight) => Math.min(most, Math.floor((weight / sum) * total)));
  let left = total - found.reduce((one, other) => one + other, 0);
  while (left > 0)
    for (let part = 0; part < parts && left > 0; part++) {
      const more = Math.min(most - found[part]!, Math.ceil(left / parts), left);
      found[part]! += more;
      left -= more;
    }
  return found;
}

function countsOf(owners: Uint32Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (const owner of owners) counts[owner]!++;
  return counts;
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = from;
  while (divisor(step, to) !== 1) step = 1 + (step % (to - 1 || 1));
  return step;
}

/** Eight digits that look like chance. */
function hashOf(seed: number, kind: number, index: number, part: number): string {
  let mixed =
    Math.imul(seed + 0x9e3779b9, 0x85ebca6b) ^
    Math.imul(index + 1, 0xc2b2ae35) ^
    Math.imul(kind * 31 + part, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
