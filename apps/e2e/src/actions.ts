import { setTimeout as pause } from 'node:timers/promises';
import type { AppClient } from './app-client.js';

export interface MediaState {
  id: string;
  status: 'AWAITING_UPLOAD' | 'PROCESSING' | 'READY' | 'REJECTED';
  rejectionReason: string | null;
}
export interface MediaUpload {
  media: MediaState;
  url: string;
  fields: { name: string; value: string }[];
}

/** Asks for an upload address. */
export async function createUpload(client: AppClient, contentType: string, byteSize: number): Promise<MediaUpload> {
  const { createMediaUpload } = await client.request<{ createMediaUpload: MediaUpload }>(
    `mutation ($input: CreateMediaUploadInput!) { createMediaUpload(input: $input) { media { id status rejectionReason } url fields { name value } } }`,
    { input: { contentType, byteSize, altText: 'A landscape' } },
  );
  return createMediaUpload;
}

/** Sends the bytes straight to the object store as a browser's form would. */
export async function sendFile(upload: MediaUpload, bytes: Uint8Array, contentType: string): Promise<Response> {
  const form = new FormData();
  for (const { name, value } of upload.fields) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(bytes)], { type: contentType }), 'photo');
  return fetch(upload.url, { method: 'POST', body: form });
}

export async function completeUpload(client: AppClient, mediaId: string): Promise<MediaState> {
  const { completeMediaUpload } = await client.request<{ completeMediaUpload: MediaState }>(
    `mutation ($mediaId: ID!) { completeMediaUpload(mediaId: $mediaId) { id status rejectionReason } }`,
    { mediaId },
  );
  return completeMediaUpload;
}

/** Waits until a picture is processed, asking as an app without a socket would. */
export async function settledMedia(client: AppClient, mediaId: string, withinMs = 30_000): Promise<MediaState> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const { node } = await client.request<{ node: MediaState }>(
      `query ($id: ID!) { node(id: $id) { ... on Media { id status rejectionReason } } }`,
      { id: mediaId },
    );
    if (node.status === 'READY' || node.status === 'REJECTED') return node;
    if (Date.now() > giveUpAt) throw new Error(`media ${mediaId} is still ${node.status}`);
    await pause(50);
  }
}

/** Uploads a picture and returns its id once it is READY. */
export async function uploadPhoto(client: AppClient, bytes: Uint8Array, contentType = 'image/jpeg'): Promise<string> {
  const upload = await createUpload(client, contentType, bytes.byteLength);
  const sent = await sendFile(upload, bytes, contentType);
  if (!sent.ok) throw new Error(`The object store answered ${sent.status}: ${await sent.text()}`);
  await completeUpload(client, upload.media.id);
  const media = await settledMedia(client, upload.media.id);
  if (media.status !== 'READY') throw new Error(`The picture was rejected: ${media.rejectionReason}`);
  return media.id;
}

export async function createPost(
  client: AppClient,
  mediaIds: string[],
  caption: string,
  idempotencyKey?: string,
): Promise<string> {
  const { createPost: post } = await client.request<{ createPost: { id: string } }>(
    `mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }`,
    { input: { caption, mediaIds } },
    idempotencyKey ? { idempotencyKey } : {},
  );
  return post.id;
}

const CHANGES = {
  unfollowUser: 'mutation ($userId: ID!) { relationship: unfollowUser(userId: $userId) { id } }',
  acceptFollowRequest: 'mutation ($userId: ID!) { relationship: acceptFollowRequest(userId: $userId) { id } }',
  rejectFollowRequest: 'mutation ($userId: ID!) { relationship: rejectFollowRequest(userId: $userId) { id } }',
  removeFollower: 'mutation ($userId: ID!) { relationship: removeFollower(userId: $userId) { id } }',
  blockUser: 'mutation ($userId: ID!) { relationship: blockUser(userId: $userId) { id } }',
  unblockUser: 'mutation ($userId: ID!) { relationship: unblockUser(userId: $userId) { id } }',
  muteUser: 'mutation ($userId: ID!) { relationship: muteUser(userId: $userId) { id } }',
  unmuteUser: 'mutation ($userId: ID!) { relationship: unmuteUser(userId: $userId) { id } }',
  addCloseFriend: 'mutation ($userId: ID!) { relationship: addCloseFriend(userId: $userId) { id } }',
  removeCloseFriend: 'mutation ($userId: ID!) { relationship: removeCloseFriend(userId: $userId) { id } }',
  followUser: 'mutation ($userId: ID!) { relationship: followUser(userId: $userId) { id } }',
};

/** Sends a mutation of how the client's user and another one stand to each other. */
export async function change(client: AppClient, mutation: keyof typeof CHANGES, userId: string): Promise<void> {
  await client.request(CHANGES[mutation], { userId });
}

/** How the client's user and another one stand to each other. */
export async function relationshipWith(client: AppClient, userId: string): Promise<Record<string, unknown>> {
  const { node } = await client.request<{ node: { relationship: Record<string, unknown> } }>(
    'query ($userId: ID!) { node(id: $userId) { ... on User { relationship { following requested followedBy blocking muting closeFriend } } } }',
    { userId },
  );
  return node.relationship;
}

export async function follow(client: AppClient, userId: string): Promise<void> {
  await client.request(`mutation ($userId: ID!) { followUser(userId: $userId) { following } }`, { userId });
}

export async function like(client: AppClient, postId: string): Promise<number> {
  const { likePost } = await client.request<{ likePost: { likeCount: number } }>(
    `mutation ($postId: ID!) { likePost(postId: $postId) { likeCount } }`,
    { postId },
  );
  return likePost.likeCount;
}

/** Reports a user, post or comment; answers the id of the report. */
export async function report(client: AppClient, subjectId: string, reason = 'SPAM', note?: string): Promise<string> {
  const { report: made } = await client.request<{ report: { id: string } }>(
    'mutation ($input: ReportInput!) { report(input: $input) { id } }',
    { input: { subjectId, reason, note } },
  );
  return made.id;
}

export async function comment(client: AppClient, postId: string, text: string): Promise<string> {
  const { createComment } = await client.request<{ createComment: { id: string } }>(
    `mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }`,
    { input: { postId, text } },
  );
  return createComment.id;
}

export async function myId(client: AppClient): Promise<string> {
  return (await client.request<{ me: { id: string } }>('{ me { id } }')).me.id;
}

/** Ids of the home feed, newest first, page by page up to `limit`. */
export async function homeFeedIds(client: AppClient, limit = 100, pageSize = 20): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (;;) {
    const {
      homeFeed,
    }: {
      homeFeed: {
        edges: { cursor: string; node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    } = await client.request(
      `query ($first: Int, $after: String) { homeFeed(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`,
      { first: pageSize, after },
    );
    ids.push(...homeFeed.edges.map((edge) => edge.node.id));
    if (!homeFeed.pageInfo.hasNextPage || ids.length >= limit) return ids.slice(0, limit);
    after = homeFeed.pageInfo.endCursor;
  }
}

export const NOTIFICATIONS = `subscription ($after: String) {
  notificationReceived(after: $after) { cursor node { id kind actors(first: 1) { username } post { id } } }
}`;

export interface NotificationItem {
  notificationReceived: {
    cursor: string;
    node: { id: string; kind: string; actors: { username: string }[]; post: { id: string } | null };
  };
}

/** The address of the first picture of a post, as this client is shown it. */
export async function pictureOf(client: AppClient, postId: string): Promise<string> {
  const { post } = await client.request<{ post: { media: { variants: { url: string }[] }[] } }>(
    'query ($id: ID!) { post(id: $id) { media { variants { url } } } }',
    { id: postId },
  );
  return post.media[0]!.variants[0]!.url;
}

/** Tags somebody in the first picture of an own post. */
export async function tag(client: AppClient, userId: string, postId: string): Promise<void> {
  const { post } = await client.request<{ post: { media: { id: string }[] } }>(
    'query ($postId: ID!) { post(id: $postId) { media { id } } }',
    { postId },
  );
  const tags = [{ mediaId: post.media[0]!.id, userId, x: 0.5, y: 0.25 }];
  await client.request(
    'mutation ($postId: ID!, $tags: [PersonTagInput!]!) { tagPeople(postId: $postId, tags: $tags) { id } }',
    { postId, tags },
  );
}

/** Asks somebody to be a co-author of an own post. */
export async function inviteCoAuthor(client: AppClient, postId: string, userId: string): Promise<void> {
  await client.request(
    'mutation ($postId: ID!, $userId: ID!) { inviteCoAuthor(postId: $postId, userId: $userId) { id } }',
    {
      postId,
      userId,
    },
  );
}

/** Accepts to be a co-author. */
export async function acceptCoAuthorship(client: AppClient, postId: string): Promise<void> {
  await client.request('mutation ($postId: ID!) { acceptCoAuthorship(postId: $postId) { id } }', { postId });
}
