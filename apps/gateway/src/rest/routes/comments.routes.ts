import { postRpc } from '@fowergram/contracts-post';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

const ONE = '($id: ID!)';

/** Comments under posts. */
export const commentRoutes: RestRoute[] = [
  get('/posts/{id}/comments', {
    id: 'listComments',
    summary: 'The comments of a post.',
    isPublic: true,
    document: `query ($id: ID!, $order: CommentOrder, ${PAGE}) {
      post(id: $id) { comments(order: $order, ${AT_PAGE}) ${pageOf('Comment')} }
    }`,
  }),
  post('/posts/{id}/comments', {
    id: 'createComment',
    contract: postRpc.createComment,
    summary: 'Comments on a post.',
    created: '/comments/{id}',
    document: `mutation ($id: ID!, $text: String!, $parentId: ID) {
      createComment(input: { postId: $id, text: $text, parentId: $parentId }) { ...Comment }
    }`,
  }),
  get('/comments/{id}', {
    id: 'getComment',
    isOfServices: true,
    summary: 'One comment.',
    isPublic: true,
    document: `query ${ONE} { node(id: $id) { ... on Comment { ...Comment } } }`,
  }),
  patch('/comments/{id}', {
    id: 'updateComment',
    contract: postRpc.updateComment,
    summary: 'Changes what you said.',
    document: 'mutation ($id: ID!, $text: String!) { updateComment(id: $id, text: $text) { ...Comment } }',
  }),
  del('/comments/{id}', {
    id: 'deleteComment',
    summary: 'Deletes a comment.',
    isEmpty: true,
    document: `mutation ${ONE} { deleteComment(id: $id) { id } }`,
  }),
  get('/comments/{id}/replies', {
    id: 'listReplies',
    summary: 'The replies under a comment.',
    isPublic: true,
    document: `query ($id: ID!, ${PAGE}) { node(id: $id) { ... on Comment { replies(${AT_PAGE}) ${pageOf('Comment')} } } }`,
  }),
  get('/comments/{id}/likes', {
    id: 'listCommentLikes',
    summary: 'Who likes a comment.',
    isPublic: true,
    document: `query ($id: ID!, ${PAGE}) {
      node(id: $id) { ... on Comment { likedBy(${AT_PAGE}) ${pageOf('UserSummary')} } }
    }`,
  }),
  put('/comments/{id}/like', {
    id: 'likeComment',
    summary: 'Likes a comment.',
    document: `mutation ${ONE} { likeComment(commentId: $id) { ...Comment } }`,
  }),
  del('/comments/{id}/like', {
    id: 'unlikeComment',
    summary: 'Takes your like of a comment back.',
    document: `mutation ${ONE} { unlikeComment(commentId: $id) { ...Comment } }`,
  }),
];
