import { authorsId, type Path, type Question, shows } from './path.js';

const FEED = '{ homeFeed(first: 50) { edges { node { id } } } }';
export const feed: Path[] = [
  {
    fields: ['Query.homeFeed'],
    sees: shows(
      FEED,
      () => ({}),
      ({ things }) => things.posts.PUBLIC,
    ),
  },
];

const hashtagOf = ({ things }: Question) => ({ name: `of_${things.user.username}` });
const publicPost = ({ things }: Question) => things.posts.PUBLIC;
const inHashtag = (order: string): Path => ({
  fields: ['Hashtag.posts'],
  sees: shows(
    `query ($name: String!) { hashtag(name: $name) { posts(first: 50, order: ${order}) { edges { node { id } } } } }`,
    hashtagOf,
    publicPost,
  ),
});

export const found: Path[] = [
  inHashtag('RECENT'),
  inHashtag('POPULAR'),
  {
    fields: ['Query.searchPosts'],
    sees: shows(
      'query ($name: String!) { searchPosts(query: $name, first: 50) { edges { node { id } } } }',
      hashtagOf,
      publicPost,
    ),
  },
];

export const explored: Path[] = [
  {
    // Of several posts of the author in a row it shows one.
    fields: ['Query.explore'],
    sees: shows('{ explore(first: 50) { edges { node { id author { id } } } } }', () => ({}), authorsId),
  },
];
