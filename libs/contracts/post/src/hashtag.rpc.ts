import { z } from 'zod';
import { command, Id, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { Hashtag, HashtagInput, MAX_TRENDING_HASHTAGS, PostOrder } from './hashtag.models.js';
import { Post } from './post.models.js';

const Viewer = z.object({ viewerId: Id.nullable() });
const Follow = { input: HashtagInput.extend({ userId: Id }), output: Hashtag };

/** What can be asked of a hashtag; of those that nobody has used there are no posts. */
export const hashtagRpc = {
  /** Each name once, in no order; the names are canonical. */
  byNames: query('post.hashtag.by-names', {
    input: Viewer.extend({ names: z.array(z.string().max(200)).max(1_000) }),
    output: z.array(Hashtag),
  }),
  /** The listed posts with a hashtag that the viewer sees, without those that have a muted word or a muted author. */
  posts: query('post.hashtag.posts', {
    input: PageInput.extend(Viewer.shape)
      .extend(HashtagInput.shape)
      .extend({ order: PostOrder.default('RECENT') }),
    output: pageOf(Post),
  }),
  /** From the answer on the posts are in the user's home feed; again is harmless. FORBIDDEN beyond the limit. */
  follow: command('post.hashtag.follow', Follow),
  unfollow: command('post.hashtag.unfollow', Follow),
  /** The names of the hashtags that a user follows, latest first. */
  followed: query('post.hashtag.followed', { input: z.object({ userId: Id }), output: z.array(z.string()) }),
  /** The names of hashtags that many authors use now, most first, without those that the viewer has muted. */
  trending: query('post.hashtag.trending', {
    input: Viewer.extend({
      first: z
        .number()
        .int()
        .min(0, { error: 'first must be at least 0.' })
        .max(MAX_TRENDING_HASHTAGS, { error: `first must be at most ${MAX_TRENDING_HASHTAGS}.` })
        .default(10),
    }),
    output: z.array(z.string()),
  }),
};
