import { DEFAULT_PAGE_SIZE, type Page } from '@fowergram/contracts-core';
import { type Comment, postRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import type { World } from './world.js';

export const aComment = (given: Partial<Comment> = {}): Comment => ({
  id: newId(),
  postId: newId(),
  authorId: newId(),
  parentId: null,
  topId: null,
  text: 'So blue!',
  isDeleted: false,
  isMuted: false,
  likeCount: 0,
  viewerHasLiked: false,
  replyCount: 0,
  createdAt: '2026-11-21T09:30:00.000Z',
  editedAt: null,
  ...given,
});

type PageOfPost = (asked: { postId: string; first: number }) => Page<Comment> | Promise<Page<Comment>>;

/** Answers with the comments of a post, whether it is asked for alone or with others. */
export async function answerComments(world: World, pageOf: PageOfPost): Promise<void> {
  await world.answer(postRpc.comments, ({ postId, first, last }) =>
    pageOf({ postId, first: first ?? last ?? DEFAULT_PAGE_SIZE }),
  );
  await world.answer(postRpc.commentsOfPosts, ({ postIds, first }) =>
    Promise.all(postIds.map(async (postId) => ({ postId, page: await pageOf({ postId, first }) }))),
  );
}
