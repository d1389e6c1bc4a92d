import { z } from 'zod';
import { command, Id, idList, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { Post } from './post.models.js';

/** Invited and accepted together: whoever declines makes room. */
export const MAX_CO_AUTHORS = 3;

/** Whoever has declined, or was a co-author and has left, is not invited again. */
export const CoAuthorState = z.enum(['INVITED', 'ACCEPTED', 'DECLINED']);
export type CoAuthorState = z.output<typeof CoAuthorState>;

const ByAuthor = z.object({ postId: Id, authorId: Id, userId: Id });
const Own = z.object({ postId: Id, userId: Id });

/** Users whose post it is, too. Each is a co-author from when they accept until they or the author end it, or a block does. */
export const coAuthorRpc = {
  /**
   * Asks a user to be a co-author of the author's own post; where that is not published yet, they are asked when it is. Again is harmless;
   * CONFLICT after they have declined, and of an archived post.
   */
  invite: command('post.co-author.invite', { input: ByAuthor, output: Post }),
  /** The author withdraws an invitation, or ends a co-authorship. Where there is neither, nothing happens. */
  remove: command('post.co-author.remove', { input: ByAuthor, output: Post }),
  /** The invited user is a co-author from now on. Again is harmless; NOT_FOUND where they are not invited, or do not see the post. */
  accept: command('post.co-author.accept', { input: Own, output: Post }),
  /** The user declines the invitation, or is a co-author no more, and is not invited again. NOT_FOUND where they never were. */
  decline: command('post.co-author.decline', { input: Own, output: z.object({ declined: z.boolean() }) }),
  /** The posts that the user is invited to and sees, latest invitation first. */
  invitations: query('post.co-author.invitations', {
    input: PageInput.extend({ userId: Id }),
    output: pageOf(Post),
  }),
  /** Who is invited to these posts of the author and has not answered; of a post with nobody, nothing. */
  invited: query('post.co-author.invited', {
    input: z.object({ ids: idList(100), authorId: Id }),
    output: z.array(z.object({ postId: Id, userIds: z.array(Id) })),
  }),
};
