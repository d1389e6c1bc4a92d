import { postDiscoveryRpc, postRpc } from '@fowergram/contracts-post';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

const OF_POST = '($id: ID!)';
const SHOWN = '{ ...PostDetails }';

/** Posts: found, made, changed, and what one does with them. */
export const postRoutes: RestRoute[] = [
  get('/feed', {
    id: 'listFeed',
    summary: 'Your home feed.',
    document: `query (${PAGE}) { homeFeed(${AT_PAGE}) ${pageOf('Post')} }`,
  }),
  get('/posts', {
    id: 'searchPosts',
    contract: postDiscoveryRpc.search,
    summary: 'Posts that hold these words.',
    isPublic: true,
    document: `query ($query: String!, ${PAGE}) { searchPosts(query: $query, ${AT_PAGE}) ${pageOf('Post')} }`,
  }),
  get('/explore', {
    id: 'explore',
    summary: 'Posts that many like, of whom you do not follow.',
    isPublic: true,
    document: `query (${PAGE}) { explore(${AT_PAGE}) ${pageOf('Post')} }`,
  }),
  post('/posts', {
    id: 'createPost',
    contract: postRpc.create,
    summary: 'Publishes a post.',
    created: '/posts/{id}',
    document: `mutation ($input: CreatePostInput!) { createPost(input: $input) ${SHOWN} }`,
  }),
  get('/posts/{id}', {
    id: 'getPost',
    isOfServices: true,
    summary: 'One post.',
    isPublic: true,
    document: `query ${OF_POST} { post(id: $id) ${SHOWN} }`,
  }),
  get('/post-links/{code}', {
    id: 'getPostByCode',
    isOfServices: true,
    contract: postRpc.byCode,
    summary: 'The post that a link leads to.',
    isPublic: true,
    document: `query ($code: String!) { postByCode(code: $code) ${SHOWN} }`,
  }),
  patch('/posts/{id}', {
    id: 'updatePost',
    contract: postRpc.update,
    summary: 'Changes a post of your own.',
    ifMatch: 'count',
    document: `mutation ($id: ID!, $input: UpdatePostInput!) { updatePost(id: $id, input: $input) ${SHOWN} }`,
  }),
  del('/posts/{id}', {
    id: 'deletePost',
    summary: 'Deletes a post of your own.',
    isEmpty: true,
    document: `mutation ${OF_POST} { deletePost(id: $id) { id } }`,
  }),
  put('/posts/{id}/like', {
    id: 'likePost',
    summary: 'Likes a post.',
    document: `mutation ${OF_POST} { likePost(postId: $id) { ...Post } }`,
  }),
  del('/posts/{id}/like', {
    id: 'unlikePost',
    summary: 'Takes your like back.',
    document: `mutation ${OF_POST} { unlikePost(postId: $id) { ...Post } }`,
  }),
  get('/posts/{id}/likes', {
    id: 'listLikes',
    summary: 'Who likes a post.',
    isPublic: true,
    document: `query ($id: ID!, ${PAGE}) { post(id: $id) { likedBy(${AT_PAGE}) ${pageOf('UserSummary')} } }`,
  }),
];
