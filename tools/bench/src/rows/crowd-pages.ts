import { randomFrom } from '../../../../apps/e2e/src/random.js';
import { hashtagAt } from '../../../../apps/e2e/src/seed/crowd-rows.js';
import type { CrowdShape } from '../../../../apps/e2e/src/seed/crowd-shape.js';

/** A screen of an app, asked for again and again with other variables. */
export interface CrowdPage {
  label: string;
  query: string;
  variables(crowd: CrowdShape, random: () => number): object;
}

const POST =
  'id caption createdAt likeCount commentCount viewerHasLiked author { id username displayName } media { id blurhash variants { url } }';

/** Who has very many followers is looked at by very many: the square takes one of these more often than another. */
const someUser = (crowd: CrowdShape, random: () => number) => ({
  id: `user_${crowd.userIds[Math.floor(crowd.size.users * random() ** 2)]}`,
});
const somePost = (crowd: CrowdShape, random: () => number) => ({
  id: `post_${crowd.postId(Math.floor(crowd.size.posts * random()))}`,
});
/** The one of some posts that most users like. */
const likedPost = (crowd: CrowdShape, random: () => number) => {
  const some = Array.from({ length: 20 }, () => Math.floor(crowd.size.posts * random()));
  const most = some.reduce((one, other) => (crowd.likesOf[other]! > crowd.likesOf[one]! ? other : one));
  return { id: `post_${crowd.postId(most)}` };
};

export const CROWD_PAGES = {
  V1: {
    label: 'a profile with its first 12 posts',
    query: `query ($id: ID!) { found: node(id: $id) { ... on User { id username displayName bio followerCount followingCount postCount
      relationship { following } posts(first: 12) { edges { node { id likeCount media { id blurhash variants { url } } } } pageInfo { hasNextPage endCursor } } } } }`,
    variables: someUser,
  },
  V2: {
    label: 'a post with its first 20 comments',
    query: `query ($id: ID!) { found: post(id: $id) { ${POST} comments(first: 20) { edges { node { id text createdAt author { id username } } }
      pageInfo { hasNextPage endCursor } } } }`,
    variables: somePost,
  },
  V3: {
    label: 'the first 30 who like a post that many like',
    query: `query ($id: ID!) { found: post(id: $id) { id likedBy(first: 30) { edges { node { id username displayName } } pageInfo { hasNextPage endCursor } } } }`,
    variables: likedPost,
  },
  V4: {
    label: 'the newest 20 posts of a hashtag',
    query: `query ($name: String!) { found: hashtag(name: $name) { name postCount posts(first: 20) { edges { node { ${POST} } } pageInfo { hasNextPage endCursor } } } }`,
    variables: (_crowd, random) => ({ name: hashtagAt(random()) }),
  },
  V5: {
    label: 'the first 20 posts of explore',
    query: `query { found: explore(first: 20) { edges { node { ${POST} } } pageInfo { hasNextPage endCursor } } }`,
    variables: () => ({}),
  },
  V6: {
    label: 'the latest 20 posts that somebody has saved',
    query: `query { found: savedPosts(first: 20) { edges { node { ${POST} } } pageInfo { hasNextPage endCursor } } }`,
    variables: () => ({}),
  },
} satisfies Record<string, CrowdPage>;

export type CrowdRow = keyof typeof CROWD_PAGES;

/** The same variables for everybody who measures this row of this crowd. */
export function variablesOf(row: CrowdRow, crowd: CrowdShape, count: number): object[] {
  const random = randomFrom(crowd.size.seed + row.charCodeAt(1));
  return Array.from({ length: count }, () => CROWD_PAGES[row].variables(crowd, random));
}
