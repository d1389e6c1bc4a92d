import type { Chances, Operation } from './fuzz-case.js';
import { HOSTILE_TEXTS } from './values.js';

type Shape = (chances: Chances) => string | Operation;

const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_none, index) => text(index)).join(' ');
const nested = (count: number, open: string, close: string, inner: string) =>
  open.repeat(count) + inner + close.repeat(count);

const POST_LEAVES = 'caption hashtags location likeCount commentCount createdAt id viewerHasLiked commentsDisabled';
const USER_LEAVES = 'id username displayName bio followerCount followingCount postCount createdAt role';
const MEDIA = 'media { id url altText blurhash variants { name url width height contentType byteSize } }';
const AUTHOR = `author { ${USER_LEAVES} avatar { url } relationship { following followedBy } }`;
const comments = (first: number) =>
  `comments(first: ${first}) { edges { cursor node { id text createdAt author { username } } } }`;

/** Documents that are meant to cost much, sized by chance around the bounds. */
const SHAPES: Record<string, Shape> = {
  'fragments that name the next one twice': ({ dice }) => {
    const count = dice.int(5, 60);
    return `{ me { ...F0 } } ${repeat(count, (i) => `fragment F${i} on User { ${`...F${i + 1} `.repeat(dice.int(1, 4))} }`)} fragment F${count} on User { ${USER_LEAVES} }`;
  },
  'fragments in a circle': ({ dice }) => {
    const count = dice.int(1, 50);
    return `{ me { ...F0 } } ${repeat(count, (i) => `fragment F${i} on User { ${repeat(dice.int(1, 8), (j) => `...F${(i + j + 1) % count}`)} id }`)}`;
  },
  'deep fragments with pages': ({ dice }) => {
    const count = dice.int(1, 12);
    return `{ me { ...F0 } } ${repeat(count, (i) => `fragment F${i} on User { followers(first: ${dice.int(1, 100)}) { edges { node { ...F${i + 1} } } } }`)} fragment F${count} on User { id }`;
  },
  aliases: ({ dice }) => `{ ${repeat(dice.int(1, 40), (i) => `a${i}: me { ${USER_LEAVES} }`)} }`,
  'aliases of a long text': ({ dice }) =>
    `{ homeFeed(first: ${dice.int(50, 100)}) { edges { node { ${repeat(dice.int(1, 32), (i) => `c${i}: caption h${i}: hashtags`)} } } } }`,
  'long aliases on every item': ({ dice }) => {
    const alias = 'a'.repeat(dice.int(50, 101));
    return `{ homeFeed(first: 100) { edges { ${alias}: node { ${repeat(dice.int(1, 20), (i) => `${alias.slice(3)}${i}: id`)} } } } }`;
  },
  'root fields': ({ dice }) =>
    `{ ${repeat(dice.int(1, 500), () => dice.pick(['me { id }', 'homeFeed { edges { cursor } }', '__typename']))} }`,
  'mutations in a row': ({ dice, pool }) =>
    `mutation { ${repeat(dice.int(2, 40), (i) => `m${i}: ${dice.pick(['likePost', 'unlikePost'])}(postId: "${dice.pick(pool.posts)}") { ${POST_LEAVES} ${MEDIA} }`)} }`,
  'repeated fields': ({ dice }) => `{ me { ${'avatar { id url variants { url } } '.repeat(dice.int(2, 200))} } }`,
  'repeated pages': ({ dice }) =>
    `{ me { ${`followers(first: 100) { edges { node { ${USER_LEAVES} } } } `.repeat(dice.int(2, 30))} } }`,
  directives: ({ dice }) =>
    `{ me { id ${'@skip(if: false) '.repeat(dice.int(1, 60))} ${'@include(if: true) '.repeat(dice.int(0, 3))} } }`,
  'inline fragments in inline fragments': ({ dice }) =>
    `{ me { ${nested(dice.int(1, 390), '... on User { ', '} ', 'id ')} } }`,
  'fields nested in each other': ({ dice }) => {
    const depth = dice.int(1, 6);
    return `{ homeFeed(first: ${dice.int(1, 3)}) { edges { node { ${nested(depth, 'author { posts(first: 2) { edges { node { ', '} } } } ', 'id ')} } } } }`;
  },
  'lists of lists': ({ dice }) => {
    const depth = dice.int(1, 3_000);
    return `{ node(id: ${nested(depth, '[', ']', '1')}) { id } }`;
  },
  'many operations': ({ dice }) => ({
    query: repeat(dice.int(1, 60), (i) => `query Q${i} { me { id } }`),
    operationName: dice.pick(['Q0', 'Q59', 'q0', '', 'toString', '__proto__', null, 1, ['Q0'], {}, 'x'.repeat(5_000)]),
  }),
  'operations of one name': ({ dice }) => ({
    query: '{ me { id } } query A { me { id } } query A { __typename }',
    operationName: dice.pick(['A', null, 'B']),
  }),
  introspection: ({ dice }) =>
    `{ __schema { types { name ${nested(dice.int(0, 9), 'fields { type { ', '} } ', 'name ')} } } }`,
  'unknown things': ({ dice }) =>
    `{ ${repeat(dice.int(1, 900), (i) => dice.pick([`x${i}`, `...F${i}`, `me(a${i}: 1)`]))} }`,
  'no GraphQL': ({ dice }) =>
    dice.pick([
      '{',
      '}',
      '{}',
      '#',
      '"""',
      '{ me',
      'query',
      '{ me { id } } }',
      '\ufeff{ __typename }',
      '{ "me" }',
      '{me{id}}\0',
      '\u{1f600}',
      ...HOSTILE_TEXTS,
    ]),
  'a long comment': ({ dice }) => `{ __typename } # ${'x'.repeat(dice.int(1, 120_000))}`,
  'a long text': ({ dice }) => `{ user(username: "${'u'.repeat(dice.int(1, 100_000))}") { id } }`,
  'escapes in texts': ({ dice }) =>
    `{ user(username: ${dice.pick(['"\\ud800"', '"\\u{110000}"', '"\\u{1f600}"', '"""\\""" """', '"\\x"', '"\\u0000"'])}) { id } }`,
  numbers: ({ dice }) =>
    `{ homeFeed(first: ${dice.pick(['1e2', '01', '-0', '1.0', '9'.repeat(400), '0x10', '.5', '1_000', '2147483648', '$x', '"5"', '[5]', 'null', 'FIVE'])}) { edges { cursor } } }`,
  'blocks of tokens': ({ dice }) =>
    `{ __typename ${',;!&|@$:=()[]{}'.charAt(dice.int(0, 14)).repeat(dice.int(1, 3_000))} }`,
  variables: ({ dice }) => ({
    query: `query (${repeat(dice.int(1, 400), (i) => `$v${i}: Int = ${i}`)}) { homeFeed(first: $v0) { edges { cursor } } }`,
    variables: Object.fromEntries(dice.list(dice.int(0, 400), (i) => [`v${i}`, dice.pick([i, String(i), [i], null])])),
  }),
  'variables in a list': ({ dice }) => ({
    query: 'mutation ($ids: [ID!]!) { createPost(input: { caption: "x", mediaIds: $ids }) { id } }',
    variables: { ids: dice.list(dice.int(0, 4_000), () => dice.pick(['media_', 1, null, {}])) },
  }),
};

/** Documents of a real client that ask for as much as they may: what they bring back is large. */
const DEAR: Record<string, Shape> = {
  'a full feed': ({ dice }) =>
    `{ homeFeed(first: ${dice.int(20, 100)}) { edges { cursor node { ${POST_LEAVES} ${AUTHOR} ${MEDIA} } } pageInfo { endCursor hasNextPage } } }`,
  'a feed with comments': ({ dice }) =>
    `{ homeFeed(first: ${dice.int(10, 100)}) { edges { node { ${POST_LEAVES} ${AUTHOR} ${comments(dice.int(1, 100))} } } } }`,
  'a feed with likers': ({ dice }) =>
    `{ homeFeed(first: ${dice.int(10, 100)}) { edges { node { id likedBy(first: ${dice.int(1, 100)}) { edges { node { ${USER_LEAVES} } } } } } } }`,
  'all comments of posts': ({ dice, pool }) =>
    `{ ${repeat(dice.int(1, 29), (i) => `p${i}: post(id: "${dice.pick(pool.posts)}") { ${comments(100)} }`)} }`,
  'followers of followers': ({ dice }) =>
    `{ me { followers(first: ${dice.int(5, 100)}) { edges { node { ${USER_LEAVES} followers(first: ${dice.int(5, 100)}) { edges { node { ${USER_LEAVES} avatar { url } } } } } } } } }`,
  'posts of followers': ({ dice }) =>
    `{ me { following(first: ${dice.int(5, 100)}) { edges { node { id posts(first: ${dice.int(1, 20)}) { edges { node { ${POST_LEAVES} ${MEDIA} } } } } } } } }`,
  'all notifications': ({ dice }) =>
    `{ notifications(first: ${dice.int(20, 100)}) { edges { node { id kind actors(first: ${dice.int(1, 100)}) { ${USER_LEAVES} } post { ${POST_LEAVES} ${MEDIA} } comment { text author { bio } post { caption } } } } } }`,
  'pages in variables': ({ dice }) => ({
    query: `query Feed($first: Int, $inner: Int = 3) { homeFeed(first: $first) { edges { node { ${POST_LEAVES} comments(first: $inner) { edges { node { text author { bio } } } } } } } }`,
    variables: { first: dice.int(1, 110), ...(dice.chance(0.7) ? { inner: dice.int(1, 110) } : {}) },
    operationName: 'Feed',
  }),
  'lists of one': ({ dice }) => {
    const lists = ['posts', 'followers', 'following'].slice(0, dice.int(1, 3));
    return `{ me { followers(first: ${dice.int(20, 100)}) { edges { node { ${repeat(lists.length, (i) => `${lists[i]}(first: 1) { edges { cursor } }`)} } } } } }`;
  },
  'many values of one user': ({ dice }) =>
    `{ homeFeed(first: ${dice.int(20, 50)}) { edges { node { likedBy(first: 30) { edges { node { ${USER_LEAVES} ${repeat(dice.int(1, 30), (i) => `a${i}: postCount`)} } } } } } } }`,
  'the same post many times': ({ dice, pool }) => {
    const id = dice.pick(pool.posts);
    return `{ ${repeat(dice.int(2, 30), (i) => `p${i}: post(id: "${id}") { ${POST_LEAVES} ${AUTHOR} ${MEDIA} }`)} }`;
  },
  'comments that show their post': ({ dice, pool }) =>
    `{ post(id: "${dice.pick(pool.posts)}") { comments(first: ${dice.int(50, 100)}) { edges { node { text post { ${POST_LEAVES} ${MEDIA} ${AUTHOR} } } } } } }`,
};

function make(shapes: Record<string, Shape>, chances: Chances): { kind: string; operation: Operation } {
  const kind = chances.dice.pick(Object.keys(shapes));
  const made = shapes[kind]!(chances);
  return { kind, operation: typeof made === 'string' ? { query: made } : made };
}

export const hostileShape = (chances: Chances) => make(SHAPES, chances);
export const dearDocument = (chances: Chances) => make(DEAR, chances);
