import type { CrowdShape } from './crowd-shape.js';
import { LISTED_POSTS } from './listed-posts.js';

/** Rows of one table, as lines of the text format of COPY. */
export interface TableRows {
  service: 'user' | 'post' | 'media' | 'notification';
  table: string;
  columns: string[];
  lines: (crowd: CrowdShape) => Iterable<string>;
  /** What triggers would write row by row, written by statements for all rows at once. */
  derived?: { tables: string[]; statements: string[] };
}

const HASHTAGS = 2_000;
const WORDS =
  'light over the ridge and the lake was quiet nobody else up here colours after rain one more before dark'.split(' ');
const VARIANTS = JSON.stringify(
  [320, 640].map((width) => ({
    name: `w${width}`,
    width,
    height: width,
    contentType: 'image/webp',
    byteSize: width * 90,
  })),
);
const line = (...values: (string | number)[]): string => values.join('\t');
const time = (ms: number): string => new Date(ms).toISOString();

/** Every table that the crowd fills, what others refer to first. */
export const CROWD_TABLES: TableRows[] = [
  { service: 'user', table: 'profile', columns: ['id', 'username', 'display_name'], lines: profiles },
  {
    service: 'user',
    table: 'follow_count',
    columns: ['user_id', 'follower_count', 'following_count'],
    lines: (crowd) =>
      mapUsers(crowd, (user) => line(crowd.userIds[user]!, crowd.followersOf[user]!, crowd.followingOf[user]!)),
  },
  {
    service: 'user',
    table: 'follow',
    columns: ['follower_id', 'followee_id', 'created_at'],
    lines: (crowd) => mapFollows(crowd, (follower, followee, at) => line(follower, followee, at)),
  },
  ...(['post', 'notification'] as const).map((service) => ({
    service,
    table: 'relation',
    columns: ['viewer_id', 'author_id', 'version', 'follows', 'close_friend', 'blocked'],
    lines: (crowd: CrowdShape) => mapFollows(crowd, (follower, followee) => line(follower, followee, 0, 't', 'f', 'f')),
  })),
  {
    service: 'media',
    table: 'media',
    columns:
      'id owner_id status content_type byte_size width height blurhash variants claim_id claim_purpose claimed_at claim_confirmed_at cleared_at created_at'.split(
        ' ',
      ),
    lines: media,
  },
  {
    service: 'post',
    table: 'post',
    columns:
      'id author_id caption media_ids hashtags comments_disabled claim_id like_count comment_count created_at language'.split(
        ' ',
      ),
    lines: posts,
    derived: LISTED_POSTS,
  },
  { service: 'post', table: 'author_counter', columns: ['author_id', 'post_count'], lines: authorCounters },
  { service: 'post', table: 'post_like', columns: ['post_id', 'user_id', 'created_at'], lines: likes },
  { service: 'post', table: 'comment', columns: ['id', 'post_id', 'author_id', 'text', 'created_at'], lines: comments },
];

function* mapUsers({ size }: CrowdShape, lineOf: (user: number) => string): Generator<string> {
  for (let user = 0; user < size.users; user++) yield lineOf(user);
}

function profiles(crowd: CrowdShape): Iterable<string> {
  const nameOf = (user: number) => `${capital(user)} ${capital(user * 7 + 3)}`;
  return mapUsers(crowd, (user) => line(crowd.userIds[user]!, usernameOf(crowd, user), nameOf(user)));
}

/** No two look alike: of the digits, those that letters look like are left out. */
const usernameOf = ({ size }: CrowdShape, user: number): string => `crowd_${letters(size.seed)}_${letters(user)}`;
const letters = (number: number): string => number.toString(16).replace(/\d/g, (digit) => 'ghjkpqstxy'[Number(digit)]!);

const capital = (number: number): string =>
  WORDS[number % WORDS.length]!.replace(/^./, (letter) => letter.toUpperCase());

function* mapFollows(
  crowd: CrowdShape,
  lineOf: (follower: string, followee: string, at: string) => string,
): Generator<string> {
  let nth = 0;
  for (const [follower, followee] of crowd.follows())
    yield lineOf(crowd.userIds[follower]!, crowd.userIds[followee]!, time(crowd.postedMs(nth++ % crowd.size.posts)));
}

function* media(crowd: CrowdShape): Generator<string> {
  for (let post = 0; post < crowd.size.posts; post++) {
    const at = time(crowd.postedMs(post));
    const [id, owner] = [mediaId(crowd, post), crowd.userIds[crowd.authorOf[post]!]!];
    yield line(
      id,
      owner,
      'READY',
      'image/jpeg',
      90_000,
      640,
      640,
      'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      VARIANTS,
      claimId(crowd, post),
      'post',
      at,
      at,
      at,
      at,
    );
  }
}

const mediaId = (crowd: CrowdShape, post: number): string => crowd.id(3, post, crowd.postedMs(post));
const claimId = (crowd: CrowdShape, post: number): string => crowd.id(4, post, crowd.postedMs(post));

/** A few hashtags are used by very many: the third power takes these more often. */
export const hashtagAt = (share: number): string => `tag${Math.floor(HASHTAGS * share ** 3)}`;

function* posts(crowd: CrowdShape): Generator<string> {
  for (let post = 0; post < crowd.size.posts; post++) {
    const hashtag = hashtagAt((post * 0.618_034) % 1);
    const caption = `${WORDS.slice(post % 9, (post % 9) + 6).join(' ')} #${hashtag}`;
    const author = crowd.userIds[crowd.authorOf[post]!]!;
    const counts = [crowd.likesOf[post]!, crowd.commentsOf[post]!];
    yield line(
      crowd.postId(post),
      author,
      caption,
      `{${mediaId(crowd, post)}}`,
      `{${hashtag}}`,
      'f',
      claimId(crowd, post),
      ...counts,
      time(crowd.postedMs(post)),
      post % 3 === 0 ? 'en' : '\\N',
    );
  }
}

function* authorCounters(crowd: CrowdShape): Generator<string> {
  for (const [user, count] of crowd.postsBy.entries()) if (count > 0) yield line(crowd.userIds[user]!, count);
}

function* likes(crowd: CrowdShape): Generator<string> {
  for (let post = 0; post < crowd.size.posts; post++) {
    const [id, count] = [crowd.postId(post), crowd.likesOf[post]!];
    let nth = 0;
    for (const user of crowd.likersOf(post))
      yield line(id, crowd.userIds[user]!, time(crowd.momentAfter(post, nth++, count)));
  }
}

function* comments(crowd: CrowdShape): Generator<string> {
  let number = 0;
  for (let post = 0; post < crowd.size.posts; post++) {
    const [postId, count] = [crowd.postId(post), crowd.commentsOf[post]!];
    for (let nth = 0; nth < count; nth++) {
      const ms = crowd.momentAfter(post, nth, count);
      const author = crowd.userIds[(number * 7_919) % crowd.size.users]!;
      yield line(
        crowd.id(5, number++, ms),
        postId,
        author,
        WORDS.slice(number % 12, (number % 12) + 5).join(' '),
        time(ms),
      );
    }
  }
}
