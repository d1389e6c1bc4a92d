import type { Scene } from './scene.js';
import type { Author, Viewer } from './table.js';

/** Something that exists and that this viewer may not see, and an operation that asks for it by its id or name. */
export interface Unseen {
  name: string;
  viewer: Viewer;
  author: Author;
  query: string;
  idOf: (scene: Scene) => string;
  /** The answer is an error, and not null. */
  fails?: true;
}

const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
const BY_NAME = 'query ($id: String!) { user(username: $id) { id } }';
const mutation = (text: string) => `mutation ($id: ID!) { ${text} }`;

const post =
  (author: Author, audience: 'PUBLIC' | 'FOLLOWERS' | 'CLOSE_FRIENDS') =>
  ({ authors }: Scene) =>
    authors[author].posts[audience];
const ofPublic =
  <T>(pick: (things: Scene['authors']['public']) => T) =>
  ({ authors }: Scene) =>
    pick(authors.public);
const userId = ofPublic(({ user }) => user.id);
const comment = ofPublic(({ comment }) => comment);
const picture = ofPublic(({ media }) => media.PUBLIC);

const POSTS: [name: string, viewer: Viewer, author: Author, idOf: Unseen['idOf']][] = [
  ['a post of somebody who blocks the viewer', 'blocked', 'public', post('public', 'PUBLIC')],
  ['a post of somebody whom the viewer blocks', 'blocker', 'public', post('public', 'PUBLIC')],
  ['a post of somebody whom the viewer has reported', 'reporter', 'public', post('public', 'PUBLIC')],
  ['a post of a private account', 'stranger', 'private', post('private', 'PUBLIC')],
  ['a post of a private account, without a session', 'anonymous', 'private', post('private', 'PUBLIC')],
  ['a post for followers', 'stranger', 'public', post('public', 'FOLLOWERS')],
  ['a post for close friends', 'follower', 'public', post('public', 'CLOSE_FRIENDS')],
  ['a post that moderators hide', 'follower', 'public', ofPublic(({ moderatedPosts }) => moderatedPosts.hidden)],
  [
    'a post that the viewer has reported',
    'follower',
    'public',
    ofPublic(({ moderatedPosts }) => moderatedPosts.reported),
  ],
];

const WAYS_TO_POSTS: [way: string, query: string, fails?: true][] = [
  ['post', 'query ($id: ID!) { post(id: $id) { id } }'],
  ['node', NODE],
  ['likePost', mutation('likePost(postId: $id) { id }'), true],
  ['unlikePost', mutation('unlikePost(postId: $id) { id }'), true],
  ['createComment', mutation('createComment(input: { postId: $id, text: "Hm" }) { id }'), true],
  ['updatePost', mutation('updatePost(id: $id, input: { audience: PUBLIC }) { id }'), true],
  ['deletePost', mutation('deletePost(id: $id) { id }'), true],
  ['savePost', mutation('savePost(postId: $id) { id }'), true],
  ['unsavePost', mutation('unsavePost(postId: $id) { id }'), true],
  ['report', mutation('report(input: { subjectId: $id, reason: SPAM }) { id }'), true],
];

const WAYS_TO_USERS: [way: string, query: string][] = [
  ['followUser', mutation('followUser(userId: $id) { id }')],
  ['unfollowUser', mutation('unfollowUser(userId: $id) { id }')],
  ['removeFollower', mutation('removeFollower(userId: $id) { id }')],
  ['muteUser', mutation('muteUser(userId: $id) { id }')],
  ['addCloseFriend', mutation('addCloseFriend(userId: $id) { id }')],
  ['dismissSuggestion', mutation('dismissSuggestion(userId: $id)')],
];

const isReported = (name: string): boolean => name.endsWith('has reported') && !name.includes('somebody');

const ofPosts: Unseen[] = POSTS.flatMap(([name, viewer, author, idOf]) =>
  WAYS_TO_POSTS.filter(([, , fails]) => !(fails && viewer === 'anonymous'))
    // Whoever has reported something gets the report again.
    .filter(([way]) => !(way === 'report' && isReported(name)))
    .map(([way, query, fails]) => ({ name: `${name}, by ${way}`, viewer, author, idOf, query, fails })),
);

const ofUsers: Unseen[] = WAYS_TO_USERS.map(([way, query]) => ({
  name: `a user who blocks the viewer, by ${way}`,
  viewer: 'blocked',
  author: 'public',
  query,
  idOf: userId,
  fails: true,
}));

/** Each must cost what an id costs that nothing has. */
export const unseen: Unseen[] = [
  ...ofPosts,
  ...ofUsers,
  { name: 'a user who blocks the viewer, by node', viewer: 'blocked', author: 'public', query: NODE, idOf: userId },
  {
    name: 'a user who blocks the viewer, by name',
    viewer: 'blocked',
    author: 'public',
    query: BY_NAME,
    idOf: ofPublic(({ user }) => user.username),
  },
  {
    name: 'a post of a private account, by the code of its link',
    viewer: 'stranger',
    author: 'private',
    query: 'query ($id: String!) { postByCode(code: $id) { id } }',
    idOf: ({ authors }) => authors.private.codes.PUBLIC,
  },
  { name: 'a comment of such a user, by node', viewer: 'blocked', author: 'public', query: NODE, idOf: comment },
  {
    name: 'a comment of such a user, by deleteComment',
    viewer: 'blocked',
    author: 'public',
    query: mutation('deleteComment(id: $id) { id }'),
    idOf: comment,
    fails: true,
  },
  {
    name: 'a comment that moderators hide, by node',
    viewer: 'follower',
    author: 'public',
    query: NODE,
    idOf: ofPublic(({ moderatedComments }) => moderatedComments.hidden),
  },
  { name: 'a picture of somebody else, by node', viewer: 'follower', author: 'public', query: NODE, idOf: picture },
];

/** An id or name of the same form that nothing has. */
export const nothingLike = (id: string): string => id.slice(0, -1) + (id.endsWith('0') ? '1' : '0');
