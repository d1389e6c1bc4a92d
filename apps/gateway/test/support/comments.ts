import { type Comment, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import type { Answer, World } from './world.js';

export const aComment = (given: Partial<Comment> = {}): Comment => ({
  id: newId(),
  postId: newId(),
  authorId: newId(),
  text: 'So blue!',
  isMuted: false,
  createdAt: '2026-11-21T09:30:00.000Z',
  ...given,
});

/** Answers with the comments of a post, whether it is asked for alone or with others. */
export async function answerComments(world: World, pageOf: Answer<typeof postRpc.comments>): Promise<void> {
  await world.answer(postRpc.comments, pageOf);
  await world.answer(postRpc.commentsOfPosts, ({ postIds, ...rest }, envelope) =>
    Promise.all(postIds.map(async (postId) => ({ postId, page: await pageOf({ ...rest, postId }, envelope) }))),
  );
}
