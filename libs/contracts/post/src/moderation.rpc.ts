import { z } from 'zod';
import { command, Id, idList, query } from '@fowergram/contracts-core';
import { ContentKind, ContentModeration } from '@fowergram/contracts-user';
import { Comment, Post } from './post.models.js';

const Content = { input: z.object({ viewerId: Id, ids: idList(200) }) };

/** What the moderation of posts and comments, which the user service decides, means for those who see them. */
export const moderationRpc = {
  /** Hides a post or comment from its reporter; again is harmless. */
  hideReported: command('post.moderation.hide-reported', {
    input: z.object({ reporterId: Id, kind: ContentKind, contentId: Id }),
    output: z.object({}),
  }),
  /** Hides a post or comment from all but its author, or shows it again, unless a newer decision is known. */
  apply: command('post.moderation.apply', { input: ContentModeration, output: z.object({}) }),
  /**
   * For moderators: those of the posts that were reported or hidden, or have such a comment, whatever their audience. The caller has
   * found out that the viewer is a moderator.
   */
  posts: query('post.moderation.posts', { ...Content, output: z.array(Post) }),
  /** The same for comments. */
  comments: query('post.moderation.comments', { ...Content, output: z.array(Comment) }),
};
