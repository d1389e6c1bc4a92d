import { notFound, type Page, parseInput } from '@fowergram/contracts-core';
import { type Comment, type Post, postRpc } from '@fowergram/contracts-post';
import { pageInput, type TwoWayPageArgs } from '../api/schema/connection.types.js';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import type { RequestContext } from '../api/context/request-context.js';
import { whenKnown } from '../api/context/when-known.js';
import type { CommentPageArgs } from './comments.types.js';

/** A page of a post's comments; null when there is none. First pages of several posts are one look-up, a later page is of one post. */
export async function findComments(
  { id }: Post,
  { order, ...args }: CommentPageArgs,
  context: RequestContext,
): Promise<Page<Comment> | null> {
  const choice = { postId: id, viewerId: context.viewerId, order: order ?? undefined };
  const input = parseInput(postRpc.comments.input, { ...choice, ...pageInput(args) });
  if (!isFirst(input)) return nullIfMissing(context.ask(postRpc.comments, input));
  return (await context.loaders.commentsOfPosts(input.first, input.order).get(id))?.page ?? null;
}

/** The same of the replies to a comment. */
export async function findReplies(
  { id }: Comment,
  args: TwoWayPageArgs,
  context: RequestContext,
): Promise<Page<Comment> | null> {
  const input = parseInput(postRpc.replies.input, { commentId: id, viewerId: context.viewerId, ...pageInput(args) });
  if (!isFirst(input)) return nullIfMissing(context.ask(postRpc.replies, input));
  return (await context.loaders.repliesToComments(input.first).get(id))?.page ?? null;
}

interface Paging {
  first?: number | undefined;
  last?: number | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** Whether a page is the first one of its list, read forward. */
const isFirst = <P extends Paging>(input: P): input is P & { first: number } =>
  input.first !== undefined && input.last === undefined && input.after == null && input.before == null;

/** The comment with this id, when the viewer may see the post that it belongs to. */
export async function findComment(id: string, context: RequestContext): Promise<Comment | null> {
  const comment = await context.loaders.comments.get(id);
  if (!comment || !(await context.loaders.posts.get(comment.postId))) return null;
  return comment;
}

/** The post of a comment, at once when known; throws NOT_FOUND for one that is gone. */
export const getPostOf = ({ postId }: Pick<Comment, 'postId'>, context: RequestContext): Post | Promise<Post> =>
  whenKnown(context.loaders.posts.get(postId), (post) => {
    if (!post) throw notFound('post');
    return post;
  });
