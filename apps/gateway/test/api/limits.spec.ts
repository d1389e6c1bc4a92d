import { newId } from '@fowergram/database';
import { postRpc } from '@fowergram/contracts-post';
import { connect } from '../support/socket.js';
import { aPost } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const nested = (depth: number): string =>
  depth === 0 ? 'username' : `followers(first: 1) { edges { node { ${nested(depth - 1)} } } }`;
const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ')} }`;
const fragments = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `fragment F${index} on User { ${index + 1 < count ? `...F${index + 1} ...F${index + 1}` : 'username'} }`,
  ).join(' ');

/** Each pair: what is refused, and something just as legitimate that is not. */
const REFUSED: [string, string, string][] = [
  ['13 levels', `{ me { ${nested(4)} } }`, 'deep'],
  ['31 aliases', aliases(31), 'aliases'],
  ['51 directives', `{ ${'__typename @skip(if: false) '.repeat(51)} }`, 'directives'],
  ['2,001 tokens', `{ ${'__typename '.repeat(2_000)} }`, 'tokens'],
  [
    'pages in pages in pages',
    '{ homeFeed(first: 100) { edges { node { comments(first: 100) { edges { node { author { avatar { url } } } } } } } } }',
    'too much',
  ],
  [
    'a fragment that contains itself',
    '{ me { ...A } } fragment A on User { followers { edges { node { ...A } } } }',
    'fragment',
  ],
];
const ALLOWED: [string, string][] = [
  ['30 aliases', aliases(30)],
  [
    'a full page of everything that a feed shows',
    '{ homeFeed(first: 100) { edges { node { author { avatar { url } } media { url variants { url } } } } } }',
  ],
  ['many fragments', `{ me { ...F0 } } ${fragments(20)}`],
];

describe('limits', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
    await world.answer(postRpc.homeFeed, () => ({ edges: [], hasNextPage: false }));
  });
  afterAll(() => world?.close());

  it.each(REFUSED)('refuse %s over HTTP and over a socket alike', async (_name, query, word) => {
    const http = await world.gql(query, {}, { as: ann });
    const socket = await connect(world, ann);
    const [error] = (await socket.run(query)).errors;
    await socket.close();
    expect([http.status, http.errors?.[0]?.extensions.code, error?.extensions?.code]).toEqual([
      400,
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
    expect([http.errors?.[0]?.message, error?.message]).toEqual([
      expect.stringContaining(word),
      expect.stringContaining(word),
    ]);
  });

  it.each(ALLOWED)('allow %s', async (_name, query) => {
    const http = await world.gql(query, {}, { as: ann });
    const socket = await connect(world, ann);
    const answer = await socket.run(query);
    await socket.close();
    expect([http.errors, answer.errors]).toEqual([undefined, []]);
    expect(answer.data).toEqual([http.data]);
  });

  it('look at the page sizes that come in variables, on every request', async () => {
    const query =
      'query ($first: Int = 2) { homeFeed(first: $first) { edges { node { comments(first: $first) { edges { node { author { username } } } } } } } }';
    for (let i = 0; i < 4; i++) {
      expect((await world.gql(query, { first: 20 }, { as: ann })).errors).toBeUndefined();
      const refused = await world.gql(query, { first: 100 }, { as: ann });
      expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    }
    const socket = await connect(world, ann);
    expect((await socket.run(query, { first: 100 })).errors[0]?.message).toContain('too much');
    await socket.close();
  });

  it('answer a page that is too long with the path of the argument, not with its cost', async () => {
    await world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id, authorId: ann.id })));
    const { errors } = await world.gql(
      `{ post(id: "post_${newId()}") { comments(first: 1000000) { edges { node { text } } } } }`,
      {},
      { as: ann },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['first'] });
  });
});
