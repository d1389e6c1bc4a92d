import { type Comment, type CommentOrder, postRpc } from '@fowergram/contracts-post';
import { eventually } from '@fowergram/testing';
import type { World } from '../world.js';

/** Who talks. */
export interface Cast {
  ann: string;
  bo: string;
  cy: string;
}

/** What tests of conversations say and look at. */
export function talkIn(world: () => World, cast: () => Cast) {
  const say = (postId: string, authorId: string, parentId?: string, text = 'hello') =>
    world().call(postRpc.createComment, { postId, authorId, text, parentId });
  const remove = (id: string, userId: string) => world().call(postRpc.deleteComment, { id, userId });
  const likeAs = (userId: string, commentId: string) => world().call(postRpc.likeComment, { commentId, userId });
  const find = async (id: string, viewerId: string | null = null): Promise<Comment | undefined> =>
    (await world().call(postRpc.commentsByIds, { ids: [id], viewerId }))[0];
  const idsOf = (page: { edges: { node: Comment }[] }) => page.edges.map(({ node }) => node.id);
  const tops = async (postId: string, viewerId: string | null = null, order?: CommentOrder) =>
    idsOf(await world().call(postRpc.comments, { postId, viewerId, order }));
  const replies = async (commentId: string, viewerId: string | null = null) =>
    idsOf(await world().call(postRpc.replies, { commentId, viewerId }));
  const countOf = async (postId: string) =>
    (await world().call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.commentCount;

  const pinnedOf = async (postId: string) =>
    (await world().call(postRpc.byIds, { ids: [postId], viewerId: null }))[0]!.pinnedCommentId;

  const untilCounted = () =>
    eventually(async () => (await world().db.query('select from comment_counter_delta limit 1')).length === 0);

  /** A post of Ann's, a comment of Bo's, a reply of Cy's to it, and Ann's answer to that. */
  async function thread() {
    const { ann, bo, cy } = cast();
    const post = await world().post(ann);
    const top = await say(post.id, bo);
    const reply = await say(post.id, cy, top.id);
    const answer = await say(post.id, ann, reply.id);
    return { post: post.id, top: top.id, reply: reply.id, answer: answer.id };
  }
  return { say, remove, likeAs, find, idsOf, tops, replies, countOf, pinnedOf, untilCounted, thread };
}
