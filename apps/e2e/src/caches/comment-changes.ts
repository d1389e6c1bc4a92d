import { comment } from '../actions.js';
import type { Changes } from './change.js';

/** Mutations of comments. */
export const commentChanges: Changes = {
  createComment: ({ post }) => ({
    variables: { input: { postId: post, text: 'Lovely' } },
    shows: ['PostQuery', { id: post }],
  }),
  updateComment: async ({ viewer, post }) => {
    const id = await comment(viewer.client, post, 'Hm');
    return { variables: { id, text: 'Oh!' }, shows: ['CommentQuery', { comment: id }] };
  },
  likeComment: async ({ other, post }) => {
    const commentId = await comment(other.client, post, 'Mine');
    return { variables: { commentId }, shows: ['CommentQuery', { comment: commentId }] };
  },
  unlikeComment: async ({ viewer, other, post }) => {
    const commentId = await comment(other.client, post, 'Mine');
    await viewer.client.request('mutation ($id: ID!) { likeComment(commentId: $id) { id } }', { id: commentId });
    return { variables: { commentId }, shows: ['CommentQuery', { comment: commentId }] };
  },
  pinComment: async ({ other, post }) => {
    const id = await comment(other.client, post, 'The rules');
    return { as: other, variables: { id }, shows: ['PostQuery', { id: post }] };
  },
  unpinComment: async ({ other, post }) => {
    const id = await comment(other.client, post, 'The rules');
    await other.client.request('mutation ($id: ID!) { pinComment(id: $id) { id } }', { id });
    return { as: other, variables: { id }, shows: ['PostQuery', { id: post }] };
  },
  deleteComment: async ({ viewer, post }) => {
    const id = await comment(viewer.client, post, 'Hm');
    return { variables: { id }, shows: ['PostQuery', { id: post }], hides: ['CommentQuery', { comment: id }] };
  },
};
