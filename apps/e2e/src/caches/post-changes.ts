import { acceptCoAuthorship, inviteCoAuthor, like, tag, uploadPhoto } from '../actions.js';
import { postPhoto, signUpTestUser, type TestUser } from '../test-users.js';
import { aPhoto, inAnHour, preferToBeAsked, type Change, type Changes, type Scene } from './change.js';

/** Mutations of posts. */
export const postChanges: Changes = {
  createPost: async ({ viewer }) => {
    const mediaIds = [await uploadPhoto(viewer.client, await aPhoto())];
    return { variables: { input: { caption: 'New', mediaIds } }, shows: ['MeQuery', {}] };
  },
  tagPeople: async ({ viewer, other }) => {
    const id = await postPhoto(viewer, 'All of us');
    const tags = [{ ...(await firstPictureOf(viewer, id)), userId: other.id, x: 0.5, y: 0.25 }];
    return { variables: { postId: id, tags }, shows: ['TagsQuery', { id }] };
  },
  approveTag: tagged,
  removeTag: tagged,
  inviteCoAuthor: async ({ viewer, other }) => {
    const id = await postPhoto(viewer, 'Ours');
    return { variables: { postId: id, userId: other.id }, shows: ['CoAuthorsQuery', { id }] };
  },
  removeCoAuthor: async ({ viewer, other }) => {
    const id = await postPhoto(viewer, 'Ours');
    await inviteCoAuthor(viewer.client, id, other.id);
    await acceptCoAuthorship(other.client, id);
    return { variables: { postId: id, userId: other.id }, shows: ['CoAuthorsQuery', { id }] };
  },
  acceptCoAuthorship: async ({ viewer, other }) => {
    const id = await postPhoto(other, 'Ours');
    await inviteCoAuthor(other.client, id, viewer.id);
    return { variables: { postId: id }, shows: ['CoAuthorsQuery', { id }] };
  },
  declineCoAuthorship: async ({ viewer, other }) => {
    const id = await postPhoto(other, 'Ours');
    await inviteCoAuthor(other.client, id, viewer.id);
    await acceptCoAuthorship(viewer.client, id);
    return { variables: { postId: id }, shows: ['CoAuthorsQuery', { id }] };
  },
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
};

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

/** The other has tagged the viewer, who is asked. */
async function tagged({ viewer, other }: Scene): Promise<Change> {
  await preferToBeAsked(viewer);
  const id = await postPhoto(other, 'All of us');
  await tag(other.client, viewer.id, id);
  return { variables: { postId: id }, shows: ['TagsQuery', { id }] };
}

async function firstPictureOf({ client }: TestUser, id: string): Promise<{ mediaId: string }> {
  const { post } = await client.request<{ post: { media: { id: string }[] } }>(
    'query ($id: ID!) { post(id: $id) { media { id } } }',
    { id },
  );
  return { mediaId: post.media[0]!.id };
}
