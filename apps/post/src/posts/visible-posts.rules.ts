import type { Qualified } from '@fowergram/database';
import { isPostShownTo } from '@fowergram/visibility';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';

/** An SQL condition: this post is there for others than its author; lists of posts are indexed by it. */
export const isPublished = (post: string): string => `${post}.state = 'PUBLISHED'`;

/** An SQL condition: the viewer sees this post, a row of `post` by this name. */
export const isVisiblePost = (viewer: Qualified, post: string): string =>
  isVisiblePostOf(viewer, post, `${post}.author_id`);

/** The same where all are of one author, who is then looked up once. */
export const isVisiblePostOf = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isPublished(post)} and ${isShownToViewer(viewer, post, author)}`;

/** An SQL condition: the viewer may look at this post by its id, which authors may before it is published and from their archive. */
export const isVisibleById = (viewer: Qualified, post: string): string =>
  `(${isPublished(post)} or (${post}.author_id = ${viewer} and ${post}.state <> 'DELETED')) and ${isShownToViewer(viewer, post, `${post}.author_id`)}`;

const isShownToViewer = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isPostShownTo(viewer, author, `${post}.audience`)} and ${isUnmoderatedFor(viewer, post)}`;
