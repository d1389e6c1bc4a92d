import { collectionRpc, hashtagRpc, repostRpc } from '@fowergram/contracts-post';
import { AT_PAGE, del, get, PAGE, pageOf, patch, post, put, type RestRoute } from '../rest-route.types.js';

const SAVING = '$id: ID!, $collectionId: ID';
const NAMED = '($name: String!)';

/** What you keep, pass on and follow: saved posts, collections, reposts and hashtags. */
export const collectingRoutes: RestRoute[] = [
  get('/me/saved-posts', {
    id: 'listSavedPosts',
    summary: 'What you have saved.',
    document: `query (${PAGE}) { savedPosts(${AT_PAGE}) ${pageOf('Post')} }`,
  }),
  put('/posts/{id}/save', {
    id: 'savePost',
    summary: 'Saves a post.',
    document: `mutation (${SAVING}) { savePost(postId: $id, collectionId: $collectionId) { ...Post } }`,
  }),
  del('/posts/{id}/save', {
    id: 'unsavePost',
    summary: 'Saves a post no longer.',
    document: `mutation (${SAVING}) { unsavePost(postId: $id, collectionId: $collectionId) { ...Post } }`,
  }),
  put('/posts/{id}/repost', {
    id: 'repost',
    contract: repostRpc.repost,
    summary: 'Passes a post on.',
    document: 'mutation ($id: ID!, $text: String) { repost(postId: $id, text: $text) { ...Post } }',
  }),
  del('/posts/{id}/repost', {
    id: 'unrepost',
    summary: 'Takes your repost back.',
    document: 'mutation ($id: ID!) { unrepost(postId: $id) { ...Post } }',
  }),
  get('/me/collections', {
    id: 'listCollections',
    summary: 'Your collections.',
    document: `query (${PAGE}) { collections(${AT_PAGE}) ${pageOf('Collection')} }`,
  }),
  post('/me/collections', {
    id: 'createCollection',
    contract: collectionRpc.create,
    summary: 'Makes a collection.',
    created: '/me/collections/{id}',
    document: `mutation ${NAMED} { createCollection(name: $name) { ...Collection } }`,
  }),
  get('/me/collections/{id}', {
    id: 'getCollection',
    isOfServices: true,
    summary: 'One of your collections.',
    document: 'query ($id: ID!) { node(id: $id) { ... on Collection { ...Collection } } }',
  }),
  patch('/me/collections/{id}', {
    id: 'renameCollection',
    contract: collectionRpc.rename,
    summary: 'Renames a collection.',
    document: 'mutation ($id: ID!, $name: String!) { renameCollection(id: $id, name: $name) { ...Collection } }',
  }),
  del('/me/collections/{id}', {
    id: 'deleteCollection',
    summary: 'Deletes a collection.',
    isEmpty: true,
    document: 'mutation ($id: ID!) { deleteCollection(id: $id) }',
  }),
  get('/me/collections/{id}/posts', {
    id: 'listPostsOfCollection',
    summary: 'What is in a collection.',
    document: `query ($id: ID!, ${PAGE}) { node(id: $id) { ... on Collection { posts(${AT_PAGE}) ${pageOf('Post')} } } }`,
  }),
  get('/hashtags/{name}', {
    id: 'getHashtag',
    isOfServices: true,
    contract: hashtagRpc.posts,
    summary: 'One hashtag.',
    isPublic: true,
    document: `query ${NAMED} { hashtag(name: $name) { ...Hashtag } }`,
  }),
  get('/hashtags/{name}/posts', {
    id: 'listPostsOfHashtag',
    contract: hashtagRpc.posts,
    summary: 'The posts with a hashtag.',
    isPublic: true,
    document: `query ($name: String!, $order: PostOrder, ${PAGE}) {
      hashtag(name: $name) { posts(order: $order, ${AT_PAGE}) ${pageOf('Post')} }
    }`,
  }),
  get('/hashtags', {
    id: 'listTrendingHashtags',
    contract: hashtagRpc.trending,
    summary: 'The hashtags that are used most now.',
    isPublic: true,
    document: 'query ($limit: Int) { trendingHashtags(first: $limit) { ...Hashtag } }',
  }),
  get('/me/hashtags', {
    id: 'listFollowedHashtags',
    summary: 'The hashtags that you follow.',
    document: '{ followedHashtags { ...Hashtag } }',
  }),
  put('/hashtags/{name}/follow', {
    id: 'followHashtag',
    contract: hashtagRpc.follow,
    summary: 'Follows a hashtag.',
    document: `mutation ${NAMED} { followHashtag(name: $name) { ...Hashtag } }`,
  }),
  del('/hashtags/{name}/follow', {
    id: 'unfollowHashtag',
    contract: hashtagRpc.unfollow,
    summary: 'Follows a hashtag no longer.',
    document: `mutation ${NAMED} { unfollowHashtag(name: $name) { ...Hashtag } }`,
  }),
];
