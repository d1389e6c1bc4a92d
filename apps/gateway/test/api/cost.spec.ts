import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { operationCost, requireAffordable } from '../../src/api/documents/cost.rules.js';
import { ROOT_FIELD_POINTS } from '../../src/limits/limits.config.js';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
const USER = 'id username displayName bio role createdAt followerCount followingCount postCount';
const MEDIA = 'media { id url altText blurhash variants { name url width height contentType byteSize } }';
const POST = `id caption hashtags location createdAt likeCount commentCount viewerHasLiked commentsDisabled ${MEDIA}`;

function cost(text: string) {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('The operation comes first.');
  const { cost: objects, lists, values } = operationCost(schema, document, operation);
  return { objects, lists, values };
}
const failure = (text: string): unknown => {
  const { objects, ...amount } = cost(text);
  try {
    return requireAffordable({ cost: objects, ...amount, pageSizeVariables: [] });
  } catch (error) {
    return (error as Error).message;
  }
};

describe('What an operation may ask for', () => {
  it('is counted in objects, lists and values, those of a page as often as it may be long', () => {
    expect(cost(`{ me { id followers(first: 10) { edges { cursor node { id role } } } } }`)).toEqual({
      objects: 1 + 10 * 3,
      lists: 1,
      values: 1 + 10 * 3,
    });
    const inner = 'posts(first: 2) { edges { node { ...P } } }';
    expect(cost(`{ me { followers(first: 10) { edges { node { ${inner} } } } } } fragment P on Post { id }`)).toEqual({
      objects: 1 + 10 * (3 + 2 * 3),
      lists: 1 + 10,
      values: 10 * 2,
    });
  });

  it('counts hashtags that are found in a text while it waits as many values, under each name', () => {
    expect(cost(`{ me { id hashtags posts(first: 2) { edges { node { hashtags } } } } }`).values).toBe(1 + 25 + 2);
    const comments = (fields: string, posts = 1) =>
      `{ homeFeed(first: ${posts}) { edges { node { comments(first: 100) { edges { node { ${fields} } } } } } } }`;
    expect(cost(comments('hashtags ...T again: hashtags') + 'fragment T on Comment { hashtags text }').values).toBe(
      100 * (100 + 100 + 1),
    );
    expect(failure(comments('id text createdAt hashtags', 2))).toBe(undefined);
    expect(failure(comments('hashtags', 3))).toContain('25000 values');
  });

  it('is a page of 100 posts with all their pictures, sizes and authors, or with a list under each', () => {
    expect(failure(`{ homeFeed(first: 100) { edges { node { ${POST} author { ${USER} avatar { url } } } } } }`)).toBe(
      undefined,
    );
    const likers = 'likedBy(first: 3) { edges { node { username } } }';
    expect(failure(`{ homeFeed(first: 100) { edges { node { ${POST.replace(MEDIA, '')} ${likers} } } } }`)).toBe(
      undefined,
    );
  });

  it('takes the points that docs/limits.md says of a page of the feed', () => {
    const page = `{ homeFeed(first: 20) { edges { cursor node { ${POST} author { username avatar { url } } } } } }`;
    expect(readFileSync('docs/limits.md', 'utf8')).toContain(
      `with authors and all sizes of all pictures is ${ROOT_FIELD_POINTS + cost(page).objects}.`,
    );
  });

  it('is not many short lists, each of which is a look-up of its own', () => {
    const one = 'posts(first: 1) { edges { cursor } } followers(first: 1) { edges { cursor } }';
    expect(failure(`{ me { followers(first: 100) { edges { node { ${one} } } } } }`)).toContain('150 lists');
  });

  it('is not many values of few objects', () => {
    const aliases = Array.from({ length: 20 }, (_, i) => `a${i}: role`).join(' ');
    const list = `likedBy(first: 30) { edges { node { ${aliases} } } }`;
    expect(failure(`{ homeFeed(first: 50) { edges { node { ${list} } } } }`)).toContain('25000 values');
  });
});
