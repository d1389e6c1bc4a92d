import { setTimeout as pause } from 'node:timers/promises';
import type { FowergramClient } from '@fowergram/client';
import { createUpload, sendFile, uploadPhoto } from '../actions.js';
import type { GraphqlAnswer } from '../app-client.js';
import { drawPhoto } from '../photos.js';
import type { TestUser } from '../test-users.js';

/** What somebody sees: all of it, a part with a typed error beside it, a typed error alone, or an answer whose effect comes later. */
export type Outcome = 'yes' | 'in part' | 'no' | 'later';

export interface Cast {
  ann: TestUser;
  bo: TestUser;
  /** By bo; ann sees it. */
  postId: string;
  /** The app of bo, and the texts of comments that it heard of. */
  heard: Set<string>;
  listening: FowergramClient;
  /** READY pictures of ann that nobody has posted. */
  pictures: string[];
}

/** The deadlines of guarantees, and as much again for a machine that is busy. */
const READ_MS = 4_000;
const WRITE_MS = 10_000;
/** What comes later than this after its answer is late. */
const SOON_MS = 10_000;

export const operations = {
  'sign in': signIn,
  profile: read('{ me { username followerCount avatar { id } } }'),
  feed: read('{ homeFeed(first: 5) { edges { node { caption author { username } media { url } } } } }'),
  search: read('{ searchUsers(query: "bo", first: 5) { edges { node { username } } } }'),
  notifications: read('{ notifications(first: 5) { edges { node { kind actors(first: 1) { username } } } } }'),
  like: ({ ann, postId }: Cast) =>
    change(ann, 'mutation ($postId: ID!) { likePost(postId: $postId) { viewerHasLiked } }', { postId }),
  'comment, live': commentLive,
  post: createPost,
  upload,
} satisfies Record<string, (cast: Cast) => Promise<Outcome>>;

export type OperationName = keyof typeof operations;
export const operationNames = Object.keys(operations) as OperationName[];

async function signIn({ ann }: Cast): Promise<Outcome> {
  const startedAt = performance.now();
  const { status, code } = await ann.client.signIn(ann.email, ann.password);
  inTime('sign in', startedAt, WRITE_MS);
  if (status === 'OK') return 'yes';
  if (code === 'UNAVAILABLE') return 'no';
  throw new Error(`The sign-in was answered ${status} ${code}.`);
}

function read(text: string) {
  return async ({ ann }: Cast): Promise<Outcome> => outcomeOf(await timely(ann, text, {}, READ_MS));
}

async function change(user: TestUser, text: string, variables: object): Promise<Outcome> {
  return outcomeOf(await timely(user, text, variables, WRITE_MS));
}

async function commentLive({ ann, postId, heard }: Cast): Promise<Outcome> {
  const text = `A comment ${performance.now()}`;
  const input = { postId, text };
  const said = await change(ann, 'mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }', {
    input,
  });
  if (said !== 'yes') return said;
  return (await within(() => heard.has(text))) ? 'yes' : 'later';
}

async function createPost({ ann, pictures }: Cast): Promise<Outcome> {
  const input = { caption: 'A day at the sea', mediaIds: [pictures.pop()] };
  return change(ann, 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id state } }', { input });
}

async function upload({ ann }: Cast): Promise<Outcome> {
  const bytes = await drawPhoto({ seed: 3, width: 320, height: 240 });
  const byteSize = bytes.byteLength;
  const form = await timely(
    ann,
    CREATE_UPLOAD,
    { input: { contentType: 'image/jpeg', byteSize, altText: 'Hills' } },
    WRITE_MS,
  );
  if (form.errors) return outcomeOf(form);
  const { createMediaUpload: made } = form.data as { createMediaUpload: Awaited<ReturnType<typeof createUpload>> };
  const isSent = await sendFile(made, bytes, 'image/jpeg').then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isSent) return 'no';
  const mediaId = made.media.id;
  const done = await change(ann, 'mutation ($mediaId: ID!) { completeMediaUpload(mediaId: $mediaId) { status } }', {
    mediaId,
  });
  if (done !== 'yes') return done;
  const isReady = async () => {
    const answer = await ann.client.answer<{ node: { status: string } | null }>(MEDIA_STATUS, { id: mediaId });
    outcomeOf(answer);
    return answer.data?.node?.status === 'READY';
  };
  return (await within(isReady)) ? 'yes' : 'later';
}

const MEDIA_STATUS = 'query ($id: ID!) { node(id: $id) { ... on Media { status } } }';
const CREATE_UPLOAD = `mutation ($input: CreateMediaUploadInput!) { createMediaUpload(input: $input) { media { id } url fields { name value } } }`;

/** A picture that can be posted while nobody can upload one. */
export const makePicture = async ({ client }: TestUser): Promise<string> =>
  uploadPhoto(client, await drawPhoto({ seed: 3, width: 320, height: 240 }));

async function timely(user: TestUser, text: string, variables: object, ms: number): Promise<GraphqlAnswer<unknown>> {
  const startedAt = performance.now();
  const answer = await user.client.answer<unknown>(text, variables);
  inTime(text, startedAt, ms);
  return answer;
}

function inTime(what: string, startedAt: number, ms: number): void {
  const took = performance.now() - startedAt;
  if (took > ms) throw new Error(`${what} took ${took.toFixed(0)} ms.`);
}

function outcomeOf({ data, errors }: GraphqlAnswer<unknown>): Outcome {
  const untyped = errors?.find(({ extensions }) => extensions.code !== 'UNAVAILABLE');
  if (untyped) throw new Error(`${untyped.extensions.code}: ${untyped.message}`);
  if (!errors) return 'yes';
  return hasContent(data) ? 'in part' : 'no';
}

/** Says whether anything but names of fields came. */
function hasContent(data: unknown): boolean {
  if (data === null || data === undefined) return false;
  return typeof data === 'object' ? Object.values(data).some(hasContent) : true;
}

async function within(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  const until = performance.now() + SOON_MS;
  for (;;) {
    if (await isSo()) return true;
    if (performance.now() > until) return false;
    await pause(100);
  }
}
