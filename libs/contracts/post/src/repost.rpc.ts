import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { Caption, Post } from './post.models.js';

const Edge = z.object({ postId: Id, userId: Id });

/** Posts that pass on a post of somebody. Where `postId` is a repost, the post that it passes on is meant. */
export const repostRpc = {
  /** Passes on a PUBLIC post of a public account that the user sees, once: again is harmless. Answers the repost. */
  repost: command('post.repost.add', { input: Edge.extend({ text: Caption.nullish() }), output: Post }),
  /** Takes the repost back, for good; where there is none, nothing happens. Answers the post that was passed on. */
  unrepost: command('post.repost.remove', { input: Edge, output: Post }),
  /** What a user has passed on and the viewer may see, newest first. */
  byAuthor: query('post.repost.by-author', {
    input: PageInput.extend({ authorId: Id, viewerId: Id.nullable() }),
    output: pageOf(Post),
  }),
  /** Those of the posts that the user has passed on. */
  repostedAmong: query('post.repost.among', {
    input: z.object({ userId: Id, ids: idList(200) }),
    output: z.array(z.object({ id: Id })),
  }),
};
