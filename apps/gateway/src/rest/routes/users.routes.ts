import { discoveryRpc, userRpc } from '@fowergram/contracts-user';
import { AT_PAGE, del, get, PAGE, pageOf, patch, put, type RestRoute } from '../rest-route.types.js';

const ONE = '($id: ID!)';

/** A list that hangs under a user. */
const listOf = (path: string, field: string, shape: 'Post' | 'UserSummary', id: string, summary: string): RestRoute =>
  get(`/users/{id}/${path}`, {
    id,
    summary,
    isPublic: true,
    scope: shape === 'Post' ? 'posts:read' : 'users:read',
    document: `query ($id: ID!, ${PAGE}) { node(id: $id) { ... on User { ${field}(${AT_PAGE}) ${pageOf(shape)} } } }`,
  });

const changing = (field: string, id: string): Pick<RestRoute, 'id' | 'document'> => ({
  id,
  document: `mutation ${ONE} { ${field}(userId: $id) { ...RelationshipToUser } }`,
});

/** Users, yourself among them, and how they stand to each other. */
export const userRoutes: RestRoute[] = [
  get('/me', {
    id: 'getMe',
    isOfServices: true,
    summary: 'Yourself, as others see you.',
    document: '{ me { ...User } }',
  }),
  patch('/me/profile', {
    id: 'updateProfile',
    contract: userRpc.updateProfile,
    summary: 'Changes your profile.',
    ifMatch: 'hash',
    document: 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { ...User } }',
  }),
  get('/users', {
    id: 'searchUsers',
    contract: discoveryRpc.search,
    summary: 'Users by their name or its beginning.',
    isPublic: true,
    document: `query ($query: String!, ${PAGE}) { searchUsers(query: $query, ${AT_PAGE}) ${pageOf('UserSummary')} }`,
  }),
  get('/users/{id}', {
    id: 'getUser',
    isOfServices: true,
    summary: 'One user.',
    isPublic: true,
    document: `query ${ONE} { node(id: $id) { ... on User { ...User } } }`,
  }),
  get('/usernames/{username}', {
    id: 'getUserByName',
    isOfServices: true,
    contract: userRpc.profileByUsername,
    summary: 'The user with this name.',
    isPublic: true,
    document: 'query ($username: String!) { user(username: $username) { ...User } }',
  }),
  listOf('posts', 'posts', 'Post', 'listPostsOfUser', 'The posts of a user.'),
  listOf('reposts', 'reposts', 'Post', 'listRepostsOfUser', 'What a user has passed on.'),
  listOf('tagged-posts', 'taggedPosts', 'Post', 'listTaggedPosts', 'The posts that show a user.'),
  listOf('followers', 'followers', 'UserSummary', 'listFollowers', 'Who follows a user.'),
  listOf('following', 'following', 'UserSummary', 'listFollowing', 'Whom a user follows.'),
  listOf(
    'familiar-followers',
    'familiarFollowers',
    'UserSummary',
    'listFamiliarFollowers',
    'Followers of a user whom you follow.',
  ),
  put('/users/{id}/follow', { ...changing('followUser', 'followUser'), summary: 'Follows a user, or asks to.' }),
  del('/users/{id}/follow', { ...changing('unfollowUser', 'unfollowUser'), summary: 'Follows a user no longer.' }),
];
