import { eventually } from '@fowergram/testing';
import {
  comment,
  completeUpload,
  createUpload,
  change,
  follow,
  like,
  report as reportTo,
  sendFile,
  settledMedia,
  tag,
  uploadPhoto,
} from '../actions.js';
import type { InProcessNetwork } from '../network-in-process.js';
import { drawPhoto } from '../photos.js';
import { postPhoto, signUpTestUser, type TestUser } from '../test-users.js';
import type { Variables } from './cached-client.js';

/** Who is there, and what they have posted, before a client of the viewer begins. */
export interface Scene {
  network: InProcessNetwork;
  viewer: TestUser;
  other: TestUser;
  admin: TestUser;
  /** By the other. */
  post: string;
}

/** A mutation, and what somebody looks at meanwhile. */
export interface Change {
  /** The viewer of the scene where nobody is named. */
  as?: TestUser;
  variables: Variables;
  /** What happens after the client has looked and before it changes something. */
  meanwhile?: () => Promise<unknown>;
  /** What must be true afterwards without another question to the gateway. */
  shows: [query: string, variables: Variables];
  /** What must not be shown any more. */
  hides?: [query: string, variables: Variables];
  /** It changes nothing of what is still shown. */
  onlyHides?: true;
}

const PASSWORD = 'another horse 2';
const REASON = 'a test';
const PAGES = { links: ['https://example.com/ann'], showsFollowLists: false };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

/** Every mutation of the schema whose effect an app may be showing. */
export const changes: Record<string, (scene: Scene) => Promise<Change> | Change> = {
  updateProfile: async ({ viewer }) => {
    const avatarMediaId = await uploadPhoto(viewer.client, await aPhoto());
    return {
      variables: { input: { displayName: 'Ann', bio: 'Paints.', avatarMediaId, ...PAGES } },
      shows: ['MeQuery', {}],
    };
  },
  followUser: ({ other }) => ({
    variables: { userId: other.id },
    shows: ['UserQuery', { username: other.username }],
  }),
  unfollowUser: async ({ viewer, other }) => {
    await follow(viewer.client, other.id);
    return { variables: { userId: other.id }, shows: ['UserQuery', { username: other.username }] };
  },
  acceptFollowRequest: async (scene) => {
    await ask(scene);
    return onOther(scene);
  },
  rejectFollowRequest: async (scene) => {
    await ask(scene);
    return onOther(scene);
  },
  removeFollower: async (scene) => {
    await setPrivate(scene, false);
    await follow(scene.other.client, scene.viewer.id);
    return onOther(scene);
  },
  addCloseFriend: onOther,
  removeCloseFriend: onOther,
  muteUser: onOther,
  unmuteUser: onOther,
  blockUser: async (scene) => {
    await Promise.all([follow(scene.viewer.client, scene.other.id), follow(scene.other.client, scene.viewer.id)]);
    await change(scene.viewer.client, 'addCloseFriend', scene.other.id);
    return onOther(scene);
  },
  unblockUser: onOther,
  followHashtag: async ({ viewer }) => {
    await viewer.client.request('mutation { unfollowHashtag(name: "sea") { id } }');
    return { variables: { name: '#Sea' }, shows: ['HashtagQuery', { name: 'sea' }] };
  },
  unfollowHashtag: async ({ viewer }) => {
    await viewer.client.request('mutation { followHashtag(name: "sand") { id } }');
    return { variables: { name: 'sand' }, shows: ['HashtagQuery', { name: 'sand' }] };
  },
  addMutedWord: async ({ viewer }) => {
    const add = 'mutation ($input: AddMutedWordInput!) { addMutedWord(input: $input) { id } }';
    await viewer.client.request(add, { input: { text: 'spoiler', expiresAt: null } });
    return { variables: { input: { text: 'Spoiler', expiresAt: inAnHour() } }, shows: ['MutedWordsQuery', {}] };
  },
  createPost: async ({ viewer }) => {
    const mediaIds = [await uploadPhoto(viewer.client, await aPhoto())];
    return { variables: { input: { caption: 'New', mediaIds } }, shows: ['MeQuery', {}] };
  },
  updateContentPreferences: async ({ viewer }) => {
    await preferToBeAsked(viewer);
    return {
      variables: { input: { altText: 'REMIND', sensitiveMedia: 'SHOW', approvesTags: false } },
      shows: ['ContentPreferencesQuery', {}],
    };
  },
  tagPeople: async ({ viewer, other }) => {
    const id = await postPhoto(viewer, 'All of us');
    const tags = [{ ...(await firstPictureOf(viewer, id)), userId: other.id, x: 0.5, y: 0.25 }];
    return { variables: { postId: id, tags }, shows: ['TagsQuery', { id }] };
  },
  approveTag: tagged,
  removeTag: tagged,
  updatePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'For all');
    return { variables: { id, input: { audience: 'FOLLOWERS' } }, shows: ['PostQuery', { id }] };
  },
  deletePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'Old');
    return { variables: { id }, shows: ['MeQuery', {}], hides: ['PostQuery', { id }] };
  },
  saveDraft: async ({ viewer }) => {
    const id = await draftOf(viewer);
    return { variables: { input: { id, caption: 'Soon' } }, shows: ['OwnPostQuery', { id }] };
  },
  publishPost: async ({ viewer }) => {
    const id = await draftOf(viewer);
    return { variables: { id }, shows: ['OwnPostQuery', { id }] };
  },
  schedulePost: async ({ viewer }) => {
    const id = await draftOf(viewer);
    return { variables: { id, publishAt: inAnHour() }, shows: ['OwnPostQuery', { id }] };
  },
  archivePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'Away');
    return { variables: { id }, shows: ['OwnPostQuery', { id }] };
  },
  unarchivePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'Back');
    await viewer.client.request('mutation ($id: ID!) { archivePost(id: $id) { id } }', { id });
    return { variables: { id }, shows: ['OwnPostQuery', { id }] };
  },
  restorePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'Restored');
    await viewer.client.request('mutation ($id: ID!) { deletePost(id: $id) { id } }', { id });
    return { variables: { id }, shows: ['MeQuery', {}] };
  },
  // A profile has room for few pinned posts: each of these has its own.
  pinPost: async ({ network }) => {
    const user = await signUpTestUser(network, 'pinner');
    const id = await postPhoto(user, 'First');
    return { as: user, variables: { id }, shows: ['PinsQuery', {}] };
  },
  unpinPost: async ({ network }) => {
    const user = await signUpTestUser(network, 'pinner');
    const id = await postPhoto(user, 'Last');
    await user.client.request('mutation ($id: ID!) { pinPost(id: $id) { id } }', { id });
    return { as: user, variables: { id }, shows: ['PinsQuery', {}] };
  },
  likePost: ({ post }) => ({ variables: { postId: post }, shows: ['PostQuery', { id: post }] }),
  unlikePost: async ({ viewer, post }) => {
    await like(viewer.client, post);
    return { variables: { postId: post }, shows: ['PostQuery', { id: post }] };
  },
  savePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'To keep');
    return { variables: { postId: id }, shows: ['SavedPostQuery', { id }] };
  },
  unsavePost: async ({ viewer }) => {
    const id = await postPhoto(viewer, 'Kept');
    await viewer.client.request('mutation ($id: ID!) { savePost(postId: $id) { id } }', { id });
    return { variables: { postId: id }, shows: ['SavedPostQuery', { id }] };
  },
  repost: async ({ viewer, other }) => {
    const id = await postPhoto(other, 'To pass on');
    return { as: viewer, variables: { postId: id, text: 'Look' }, shows: ['RepostedPostQuery', { id }] };
  },
  unrepost: async ({ viewer, other }) => {
    const id = await postPhoto(other, 'Passed on');
    await viewer.client.request('mutation ($id: ID!) { repost(postId: $id) { id } }', { id });
    return { variables: { postId: id }, shows: ['RepostedPostQuery', { id }] };
  },
  renameCollection: async ({ viewer }) => {
    const id = await aCollection(viewer);
    return { variables: { id, name: 'Trips' }, shows: ['CollectionQuery', { id }] };
  },
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
  completeMediaUpload: async ({ viewer }) => {
    const photo = await aPhoto();
    const upload = await createUpload(viewer.client, 'image/jpeg', photo.byteLength);
    await sendFile(upload, photo, 'image/jpeg');
    const { id } = upload.media;
    // The answer comes again for a picture that is processed: so it is final, and the same as what is read behind it.
    const meanwhile = async () => {
      await completeUpload(viewer.client, id);
      await settledMedia(viewer.client, id);
    };
    return { variables: { mediaId: id }, meanwhile, shows: ['MediaQuery', { id }] };
  },
  // What earlier changes notified the viewer of may still be under way: this user hears of two things, and has heard of both.
  markNotificationsRead: async ({ network, other }) => {
    const user = await signUpTestUser(network, 'reader');
    const own = await postPhoto(user, 'Liked');
    await like(other.client, own);
    await comment(other.client, own, 'Yes');
    return { as: user, variables: { upTo: await newestOf(user, 2) }, shows: ['NotificationsQuery', {}] };
  },
  changePassword: async ({ network }) => {
    const user = await withTwoSessions(network);
    const input = { currentPassword: user.password, newPassword: PASSWORD };
    return { as: user, variables: { input }, shows: ['AccountQuery', {}] };
  },
  changeEmail: async ({ network }) => {
    const user = await signUpTestUser(network, 'mover');
    const input = { newEmail: `new_${user.email}`, password: user.password };
    return { as: user, variables: { input }, shows: ['AccountQuery', {}] };
  },
  revokeSession: async ({ network }) => {
    const user = await withTwoSessions(network);
    const { mySessions } = await user.client.request<{ mySessions: { id: string; isCurrent: boolean }[] }>(
      '{ mySessions { id isCurrent } }',
    );
    const { id } = mySessions.find(({ isCurrent }) => !isCurrent)!;
    return { as: user, variables: { id }, shows: ['AccountQuery', {}] };
  },
  revokeOtherSessions: async ({ network }) => ({
    as: await withTwoSessions(network),
    variables: {},
    shows: ['AccountQuery', {}],
  }),
  suspendUser: async (scene) => {
    const { id, username } = await signUpTestUser(scene.network, 'culprit');
    const input = { userId: id, reason: REASON, until: inAnHour() };
    return moderation(scene, id, { input }, ['UserQuery', { username }]);
  },
  banUser: async (scene) => {
    const { id, username } = await signUpTestUser(scene.network, 'culprit');
    return moderation(scene, id, { input: { userId: id, reason: REASON } }, ['UserQuery', { username }]);
  },
  reinstateUser: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'culprit');
    const input = { userId: id, reason: REASON };
    await scene.admin.client.request('mutation ($input: ModerationInput!) { banUser(input: $input) { id } }', {
      input,
    });
    return moderation(scene, id, { input });
  },
  setUserRole: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'helper');
    return moderation(scene, id, { input: { userId: id, reason: REASON, role: 'MODERATOR' } });
  },
  setVerified: async (scene) => {
    const { id } = await signUpTestUser(scene.network, 'known');
    return moderation(scene, id, { input: { userId: id, reason: REASON, isVerified: true } });
  },
  report: async ({ other }) => {
    const id = await postPhoto(other, 'Bad');
    const input = { subjectId: id, reason: 'SPAM' };
    return { variables: { input }, shows: ['MeQuery', {}], hides: ['PostQuery', { id }], onlyHides: true };
  },
  hideContent: async ({ other, admin }) => {
    const post = await postPhoto(other, 'Bad');
    return { as: admin, variables: { subjectId: post, reason: REASON }, shows: ['ModeratedPostQuery', { post }] };
  },
  restoreContent: async ({ other, admin }) => {
    const post = await postPhoto(other, 'Good');
    await admin.client.request('mutation ($id: ID!) { hideContent(subjectId: $id, reason: "x") { id } }', { id: post });
    return { as: admin, variables: { subjectId: post, reason: REASON }, shows: ['ModeratedPostQuery', { post }] };
  },
  resolveReport: async ({ network, viewer, admin }) => {
    const { id } = await signUpTestUser(network, 'culprit');
    const report = await reportTo(viewer.client, id);
    const input = { id: report, outcome: 'NO_ACTION', note: REASON };
    return { as: admin, variables: { input }, shows: ['ReportStateQuery', { report }] };
  },
};

/** Why the other mutations need not be tried. */
export const excused: Record<string, string> = {
  createMediaUpload: 'It makes a picture that nobody has seen before.',
  dismissSuggestion: 'Its effect is on a list without an id, which is to be asked for anew.',
  removeMutedWord: 'Its effect is on a list without an id, which is to be asked for anew.',
  createCollection: 'It makes a collection that nobody has seen before.',
  deleteCollection: 'Its effect is on a list without an id, which is to be asked for anew.',
  deactivateAccount: 'It ends the session, and with it the cache.',
  deleteAccount: 'It ends the session, and with it the cache.',
};

/** The viewer changes how they and the other stand to each other, and looks at the other. */
function onOther({ other }: Scene): Change {
  return { variables: { userId: other.id }, shows: ['UserQuery', { username: other.username }] };
}

/** Lets the other wait for the viewer, whose account is private. */
async function ask(scene: Scene): Promise<void> {
  await setPrivate(scene, true);
  await change(scene.other.client, 'unfollowUser', scene.viewer.id);
  await follow(scene.other.client, scene.viewer.id);
}

async function setPrivate({ viewer }: Scene, isPrivate: boolean): Promise<void> {
  await viewer.client.request(
    'mutation ($isPrivate: Boolean!) { updateProfile(input: { isPrivate: $isPrivate }) { id } }',
    { isPrivate },
  );
}

function moderation(scene: Scene, userId: string, variables: Variables, hides?: Change['hides']): Change {
  return { as: scene.admin, variables, shows: ['ModerationQuery', { userId }], ...(hides && { hides }) };
}

async function aCollection({ client }: TestUser): Promise<string> {
  const { createCollection } = await client.request<{ createCollection: { id: string } }>(
    'mutation { createCollection(name: "Travel") { id } }',
  );
  return createCollection.id;
}

async function draftOf({ client }: TestUser): Promise<string> {
  const mediaIds = [await uploadPhoto(client, await aPhoto())];
  const { saveDraft } = await client.request<{ saveDraft: { id: string } }>(
    'mutation ($mediaIds: [ID!]!) { saveDraft(input: { mediaIds: $mediaIds }) { id } }',
    { mediaIds },
  );
  return saveDraft.id;
}

let drawings = 1_000;
const aPhoto = () => drawPhoto({ seed: ++drawings, width: 64, height: 48 });

async function withTwoSessions(network: InProcessNetwork): Promise<TestUser> {
  const user = await signUpTestUser(network, 'twice');
  await network.client().signIn(user.email, user.password);
  return user;
}

/** The newest notification, once there are as many that nobody has read. */
async function newestOf({ client }: TestUser, unread: number): Promise<string> {
  return eventually(async () => {
    const { notificationSummary: summary } = await client.request<{
      notificationSummary: { unreadCount: number; notifications: { edges: { node: { id: string } }[] } };
    }>('{ notificationSummary { unreadCount notifications(first: 1) { edges { node { id } } } } }');
    if (summary.unreadCount < unread) throw new Error('Something is still under way.');
    return summary.notifications.edges[0]!.node.id;
  });
}

/** The other has tagged the viewer, who is asked. */
async function tagged({ viewer, other }: Scene): Promise<Change> {
  await preferToBeAsked(viewer);
  const id = await postPhoto(other, 'All of us');
  await tag(other.client, viewer.id, id);
  return { variables: { postId: id }, shows: ['TagsQuery', { id }] };
}

const preferToBeAsked = ({ client }: TestUser) =>
  client.request(
    'mutation { updateContentPreferences(input: { altText: NONE, sensitiveMedia: BLUR, approvesTags: true }) { id } }',
  );

async function firstPictureOf({ client }: TestUser, id: string): Promise<{ mediaId: string }> {
  const { post } = await client.request<{ post: { media: { id: string }[] } }>(
    'query ($id: ID!) { post(id: $id) { media { id } } }',
    { id },
  );
  return { mediaId: post.media[0]!.id };
}
