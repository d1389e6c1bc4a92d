import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { MAX_MEDIA_PER_POST, Post } from './post.models.js';

export const MAX_TAGS_PER_MEDIA = 20;

const coordinate = z
  .number()
  .min(0, { error: 'A position is from 0 to 1.' })
  .max(1, { error: 'A position is from 0 to 1.' });

/** Where in a picture somebody is: fractions of its width and height, from its upper left corner. */
export const PersonTag = z.object({ mediaId: Id, userId: Id, x: coordinate, y: coordinate });
export type PersonTag = z.output<typeof PersonTag>;

/** Nothing is shown of who has not approved yet, where they want to be asked, and of who has removed themselves. */
export const TagState = z.enum(['PENDING', 'APPROVED', 'REMOVED']);
export type TagState = z.output<typeof TagState>;

export const PostTags = z.object({
  postId: Id,
  tags: z.array(PersonTag),
  /** How it stands with the viewer's own tag; null where they are not tagged. */
  viewerState: TagState.nullable(),
});
export type PostTags = z.output<typeof PostTags>;

const Own = { input: z.object({ postId: Id, userId: Id }), output: Post };

/** Users in pictures. Each is tagged in a post with their consent, which is for the whole of it. */
export const tagRpc = {
  /** Tags these users in the author's own post, and nobody else; who has removed themselves stays so. */
  set: command('post.tag.set', {
    input: z.object({
      postId: Id,
      authorId: Id,
      tags: z
        .array(PersonTag)
        .max(MAX_TAGS_PER_MEDIA * MAX_MEDIA_PER_POST, { error: `A picture has at most ${MAX_TAGS_PER_MEDIA} tags.` }),
    }),
    output: Post,
  }),
  /** The tagged user agrees to be shown in the post. Again is harmless; NOT_FOUND where they are not tagged. */
  approve: command('post.tag.approve', Own),
  /** The tagged user is not shown in the post any more, for good. Again is harmless; NOT_FOUND where they are not tagged. */
  remove: command('post.tag.remove', { input: Own.input, output: z.object({ removed: z.boolean() }) }),
  /** Who is shown to be in these posts, which the viewer was given; of one without tags, nothing. */
  ofPosts: query('post.tag.of-posts', {
    input: z.object({ ids: idList(100), viewerId: Id.nullable() }),
    output: z.array(PostTags),
  }),
  /** The posts that show the user with their consent and that the viewer may see, latest tag first. */
  taggedPosts: query('post.tag.posts', {
    input: PageInput.extend({ userId: Id, viewerId: Id.nullable() }),
    output: pageOf(Post),
  }),
};
