import { eventually } from '@fowergram/testing';
import { comment, completeUpload, createUpload, like, sendFile, settledMedia, uploadPhoto } from '../actions.js';
import { postPhoto, signUpTestUser, type TestUser } from '../test-users.js';
import type { InProcessNetwork } from '../network-in-process.js';
import { aPhoto, inAnHour, preferToBeAsked, type Changes } from './change.js';

const PASSWORD = 'another horse 2';
const PAGES = { links: ['https://example.com/ann'], showsFollowLists: false };

/** Mutations of what is the viewer’s own: their account, lists and pictures. */
export const accountChanges: Changes = {
  updateProfile: async ({ viewer }) => {
    const avatarMediaId = await uploadPhoto(viewer.client, await aPhoto());
    return {
      variables: { input: { displayName: 'Ann', bio: 'Paints.', avatarMediaId, ...PAGES } },
      shows: ['MeQuery', {}],
    };
  },
  updateContentPreferences: async ({ viewer }) => {
    await preferToBeAsked(viewer);
    return {
      variables: { input: { altText: 'REMIND', sensitiveMedia: 'SHOW', approvesTags: false } },
      shows: ['ContentPreferencesQuery', {}],
    };
  },
  addMutedWord: async ({ viewer }) => {
    const add = 'mutation ($input: AddMutedWordInput!) { addMutedWord(input: $input) { id } }';
    await viewer.client.request(add, { input: { text: 'spoiler', expiresAt: null } });
    return { variables: { input: { text: 'Spoiler', expiresAt: inAnHour() } }, shows: ['MutedWordsQuery', {}] };
  },
  followHashtag: async ({ viewer }) => {
    await viewer.client.request('mutation { unfollowHashtag(name: "sea") { id } }');
    return { variables: { name: '#Sea' }, shows: ['HashtagQuery', { name: 'sea' }] };
  },
  unfollowHashtag: async ({ viewer }) => {
    await viewer.client.request('mutation { followHashtag(name: "sand") { id } }');
    return { variables: { name: 'sand' }, shows: ['HashtagQuery', { name: 'sand' }] };
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
};

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
