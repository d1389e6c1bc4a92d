import type { Qualified } from '@fowergram/database';
import { feedAudiences, isPostShownTo, isUnblocked } from '@fowergram/visibility';
import { isOfNobodyRefused } from '../co-authors/co-authored.rules.js';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';
import { isNotTooSensitiveFor } from './sensitive-posts.rules.js';

/** An SQL condition: this post is there for others than its author; lists of posts are indexed by it. */
export const isPublished = (post: string): string => `${post}.state = 'PUBLISHED'`;

/** An SQL condition: the viewer sees this post, a row of `post` by this name. */
export const isVisiblePost = (viewer: Qualified, post: string): string =>
  isVisiblePostOf(viewer, post, `${post}.author_id`);

/** The same where all are of one author, who is then looked up once. */
export const isVisiblePostOf = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isPublished(post)} and ${isShownToViewer(viewer, post, author)}`;

/** An SQL condition: the viewer sees this post, which passes nothing on; so nobody has to look at what it might. */
export const isVisibleOriginal = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isPublished(post)} and ${post}.repost_of is null and ${isShownItself(viewer, post, author)}`;

/** An SQL condition: the viewer may look at this post by its id, which authors may before it is published and from their archive. */
export const isVisibleById = (viewer: Qualified, post: string): string =>
  `(${isPublished(post)} or (${post}.author_id = ${viewer} and ${post}.state <> 'DELETED')) and ${isShownToViewer(viewer, post, `${post}.author_id`)}`;

const isShownToViewer = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isShownItself(viewer, post, author)} and ${passesOnVisible(viewer, post)}`;

const isShownItself = (viewer: Qualified, post: string, author: Qualified): string =>
  `${isPostShownTo(viewer, author, `${post}.audience`)} and ${isUnmoderatedFor(viewer, post)} and ${isOfNobodyRefused(viewer, post)}`;

/**
 * An SQL condition: the viewer sees what this post passes on, if it is a repost, and so does its author, whom the other may have blocked.
 * Nearly no post is one, and those are decided by their own row. Limit 1 keeps it a look-up by key.
 */
const passesOn = (post: string, isWanted: string): string => `(${post}.repost_of is null or (
    select true from post original
    where original.id = ${post}.repost_of and ${isUnblocked(`${post}.author_id`, 'original.author_id')}
      and ${isOfNobodyRefused(`${post}.author_id`, 'original')} and ${isWanted}
    limit 1
  ))`;

/** An SQL condition: what this post passes on, if anything, is seen by the viewer, too. */
export const passesOnVisible = (viewer: Qualified, post: string): string =>
  passesOn(post, `${isPublished('original')} and ${isShownItself(viewer, 'original', 'original.author_id')}`);

/** The same for a feed, which also leaves out what those pass on whose posts the viewer has muted. */
export const passesOnInFeed = (viewer: Qualified, post: string): string =>
  passesOn(
    post,
    `${isPublished('original')} and ${isUnmoderatedFor(viewer, 'original')} and ${isNotTooSensitiveFor(viewer, 'original')}
      and ${isOfNobodyRefused(viewer, 'original')} and (original.author_id = ${viewer} or original.audience = any(${feedAudiences(viewer, 'original.author_id')}::text[]))`,
  );
