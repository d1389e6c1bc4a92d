import { z } from 'zod';
import { Id, visibleNameUpTo, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { Post } from './post.models.js';

export const MAX_POST_SEARCH_LENGTH = 100;
/** So far back explore looks. */
export const EXPLORE_DAYS = 7;

const Viewer = z.object({ viewerId: Id.nullable() });

/** What posts are searched by: words of their captions. */
const Search = visibleNameUpTo(MAX_POST_SEARCH_LENGTH, 'A search');

/** How users find posts of those whom they do not follow: listed ones that the viewer sees, without muted words and muted authors. */
export const postDiscoveryRpc = {
  /** Posts of the last days, hot ones first, none of the viewer's own and never two of one author in a row. */
  explore: query('post.explore', { input: PageInput.extend(Viewer.shape), output: pageOf(Post) }),
  /** Posts whose captions have all these words, newest first; where there are few, also those with similar words. */
  search: query('post.search', {
    input: PageInput.extend(Viewer.shape).extend({ query: Search }),
    output: pageOf(Post),
  }),
};
