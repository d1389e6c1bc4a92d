import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, Kind } from 'graphql';
import type { ConstValueNode } from 'graphql';
import type { Chances } from './fuzz-case.js';

type Json = unknown;

const HUGE = 'x'.repeat(20_000);

/** Texts that a parser, a database or a log may trip over. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  'a\udc00b',
  '\u202e\u200b\ufeff',
  '👩‍👩‍👧‍👦'.repeat(50),
  'Ｆｕｌｌ İıẞ ﷽',
  '__proto__',
  'constructor',
  'toString',
  '%s%n%00../../etc/passwd',
  "'; drop table post; --",
  '${7*7}{{7*7}}',
  '<script>alert(1)</script>',
  'null',
  'undefined',
  '-0',
  '\\u0000',
  '"',
  '\r\nSet-Cookie: a=b',
  'a'.repeat(2_201),
  '\u0001'.repeat(2_200),
  HUGE,
];

const FORGED_ID = '00000000-0000-7000-8000-000000000000';

/** Ids that nobody gave out, or gave out for something else. */
export const HOSTILE_IDS = [
  FORGED_ID,
  `post_${FORGED_ID}`,
  `user_${FORGED_ID}`,
  `media_${FORGED_ID}`,
  `comment_${FORGED_ID}`,
  `notification_${FORGED_ID}`,
  `post_${FORGED_ID.toUpperCase()}`,
  `post__${FORGED_ID}`,
  `_${FORGED_ID}`,
  'post_',
  'post_undefined',
  `post_${FORGED_ID}\0`,
  `constructor_${FORGED_ID}`,
  `__proto___${FORGED_ID}`,
  '9'.repeat(400),
  ...HOSTILE_TEXTS,
];

/** Cursors that fit another list, another time, or nothing. */
export const HOSTILE_CURSORS = [
  ...['s.zzzzzzzzzz', 's.-1', 's.0', `zzzzzzzzzz.${FORGED_ID}`, `0.${FORGED_ID}`, '0.0', '.', `-1.${FORGED_ID}`].map(
    (text) => Buffer.from(text).toString('base64url'),
  ),
  'x'.repeat(200),
  'x'.repeat(201),
  ...HOSTILE_TEXTS,
];

/** Numbers at and behind every edge, and what is no number at all. */
export const HOSTILE_NUMBERS: Json[] = [
  0,
  -0,
  -1,
  1,
  100,
  101,
  1.5,
  1e-7,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  9_007_199_254_740_993,
  1e308,
  true,
  '1',
  '١',
  [1],
  {},
];

const ofJson = (text: string): Json => JSON.parse(text) as Json;

/** What no type of the schema expects. */
export const HOSTILE_VALUES: Json[] = [
  null,
  true,
  [],
  {},
  [[[]]],
  { toString: 1 },
  { valueOf: null, toString: null },
  { toJSON: 'x' },
  { then: 1 },
  { length: -1 },
  ofJson('{"__proto__":{"polluted":true}}'),
  ofJson('{"constructor":{"prototype":{"polluted":true}}}'),
  ofJson('['.repeat(500) + ']'.repeat(500)),
  ofJson('{"a":'.repeat(500) + '1' + '}'.repeat(500)),
  Array.from({ length: 3_000 }, (_none, index) => index),
  Array.from({ length: 300 }, () => 'y'.repeat(100)),
  Object.fromEntries(Array.from({ length: 2_000 }, (_none, index) => [`k${index}`, index])),
  ...HOSTILE_NUMBERS,
];

/** A value for an argument or input field: mostly one that the server takes, sometimes one that it must refuse. */
export function valueFor(name: string, type: GraphQLInputType, chances: Chances): Json {
  const { dice, isHonest } = chances;
  if (!isHonest && dice.chance(0.03)) return dice.pick(HOSTILE_VALUES);
  if (isNonNullType(type)) return valueFor(name, type.ofType as GraphQLInputType, chances);
  if (isListType(type)) {
    const count = !isHonest && dice.chance(0.03) ? dice.int(11, 500) : dice.int(1, 3);
    return dice.list(count, () => valueFor(name, type.ofType as GraphQLInputType, chances));
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || dice.chance(0.6));
    return Object.fromEntries(fields.map((field) => [field.name, valueFor(field.name, field.type, chances)]));
  }
  if (isEnumType(type)) return isHonest || dice.chance(0.95) ? dice.pick(type.getValues()).name : 'NOBODY';
  return scalarFor(name, type.name, chances);
}

function scalarFor(name: string, type: string, { dice, pool, isHonest }: Chances): Json {
  const usually = <T>(usual: readonly T[], hostile: readonly Json[]): Json =>
    usual.length > 0 && (isHonest || dice.chance(0.8)) ? dice.pick(usual) : dice.pick(hostile);
  if (name === 'first') return usually([1, 2, 3, 5, 20, 100], HOSTILE_NUMBERS);
  // Both ways at once, and cursors of another list, are refused before anything is read.
  if (name === 'last') return isHonest || dice.chance(0.97) ? null : usually([1, 5, 20], HOSTILE_NUMBERS);
  if (name === 'after' || name === 'before')
    return isHonest || dice.chance(0.95) ? null : usually(pool.cursors, HOSTILE_CURSORS);
  if (name === 'width') return usually([1, 320, 1_080], HOSTILE_NUMBERS);
  if (name === 'username') return usually(pool.usernames, HOSTILE_TEXTS);
  // Of a hashtag or a collection.
  if (name === 'name') return usually(['sun', 'sea'], HOSTILE_TEXTS);
  if (name === 'code') return usually(['AAAAAAAAAAA'], HOSTILE_TEXTS);
  if (name === 'until') return usually(['2030-01-01T00:00:00.000Z'], ['2030-13-41T99:00:00Z', '-1', ...HOSTILE_TEXTS]);
  if (name === 'contentType') return usually(['image/jpeg', 'image/webp'], HOSTILE_TEXTS);
  if (name === 'byteSize') return usually([1, 10_000], HOSTILE_NUMBERS);
  if (type === 'ID') return usually(idsFor(name, { dice, pool }), HOSTILE_IDS);
  if (type === 'DateTime') return usually(['2030-01-01T00:00:00.000Z'], HOSTILE_TEXTS);
  if (type === 'Boolean') return dice.chance(0.5);
  if (type === 'Int') return usually([1, 2], HOSTILE_NUMBERS);
  return usually(['Somewhere by the sea #sun', 'Hello', 'ünï ☀️'], HOSTILE_TEXTS);
}

function idsFor(name: string, { dice, pool }: Chances): string[] {
  const kinds: Record<string, string[]> = {
    userId: pool.users,
    postId: pool.posts,
    commentId: pool.comments,
    parentId: pool.comments,
    mediaId: pool.media,
    mediaIds: pool.media,
    avatarMediaId: pool.media,
    upTo: pool.notifications,
  };
  return kinds[name] ?? dice.pick([pool.posts, pool.posts, pool.users, pool.comments, pool.media, pool.notifications]);
}

/** The literal that a document writes for a JSON value. */
export function literalOf(value: Json): ConstValueNode {
  if (value === null || value === undefined) return { kind: Kind.NULL };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? { kind: Kind.INT, value: BigInt(value).toString() }
      : { kind: Kind.FLOAT, value: String(value) };
  if (typeof value === 'string') return { kind: Kind.STRING, value };
  if (Array.isArray(value)) return { kind: Kind.LIST, values: value.map(literalOf) };
  const fields = Object.entries(value as object).map(([name, item]) => ({
    kind: Kind.OBJECT_FIELD as const,
    name: { kind: Kind.NAME as const, value: /^[_A-Za-z]\w*$/.test(name) ? name : 'x' },
    value: literalOf(item),
  }));
  return { kind: Kind.OBJECT, fields };
}
