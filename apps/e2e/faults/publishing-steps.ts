import { randomUUID } from 'node:crypto';
import { eventually } from '@fowergram/testing';
import { uploadPhoto } from '../src/actions.js';
import { GraphqlError } from '../src/app-client.js';
import { drawPhoto } from '../src/photos.js';
import { livePosts } from './model.js';
import { RETRY_FOR_MS } from './patient-client.js';
import type { Scene } from './scene.js';

/** A scheduled post that nobody has seen come out. */
export class NeverOut extends Error {}

export async function post(scene: Scene): Promise<void> {
  const caption = `caption ${randomUUID()}`;
  const mediaId = await scene.client.untilDone(async () =>
    uploadPhoto(scene.me.client, await drawPhoto({ seed: Math.floor(scene.random() * 1_000), width: 96, height: 64 })),
  );
  const id = await (scene.random() < 0.5 ? postNow(scene, caption, mediaId) : postInASecond(scene, caption, mediaId));
  scene.model.posts.set(id, { authorId: scene.me.id, caption, deleted: false });
}

async function postNow(scene: Scene, caption: string, mediaId: string): Promise<string> {
  const { createPost } = await scene.client.write<{ createPost: { id: string } }>(
    'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
    { input: { caption, mediaIds: [mediaId] } },
  );
  return createPost.id;
}

/** Others count on the post when it has gone out. A request that comes back late asks for a later time. */
async function postInASecond(scene: Scene, caption: string, mediaId: string): Promise<string> {
  const { saveDraft } = await scene.client.write<{ saveDraft: { id: string } }>(
    'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { id } }',
    { input: { caption, mediaIds: [mediaId] } },
  );
  const { id } = saveDraft;
  await scene.client.untilDone(() => schedule(scene, id, new Date(Date.now() + 1_000)));
  const isOut = async () => {
    const { data } = await scene.me.client.answer<{ post: { state: string } | null }>(
      'query ($id: ID!) { post(id: $id) { state } }',
      { id },
    );
    return data?.post?.state === 'PUBLISHED';
  };
  await eventually(isOut, RETRY_FOR_MS).catch((cause: unknown) => {
    throw new NeverOut(`The post ${id} was to go out a second after its acknowledgement.`, { cause });
  });
  return id;
}

/** A post that went out by an earlier request of the same is as wanted. */
async function schedule(scene: Scene, id: string, publishAt: Date): Promise<void> {
  const mutation = 'mutation ($id: ID!, $publishAt: DateTime!) { schedulePost(id: $id, publishAt: $publishAt) { id } }';
  await scene.me.client.request(mutation, { id, publishAt: publishAt.toISOString() }).catch((error: unknown) => {
    if (!(error instanceof GraphqlError) || error.errors[0]?.extensions.reason !== 'POST_STATE') throw error;
  });
}

/** Takes a post back and gives it again; nobody counts on the author's posts meanwhile, and all that hangs on it comes back. */
export async function hideForAWhile(scene: Scene): Promise<void> {
  await scene.locks.exclusive([scene.me.id], async () => {
    const id = livePosts(scene.model).find((each) => scene.model.posts.get(each)!.authorId === scene.me.id);
    const [hide, show] = scene.random() < 0.5 ? ['archivePost', 'unarchivePost'] : ['deletePost', 'restorePost'];
    for (const mutation of id ? [hide, show] : [])
      await scene.client.write(`mutation ($id: ID!) { ${mutation}(id: $id) { id } }`, { id });
  });
}

export async function deletePost(scene: Scene): Promise<void> {
  const mine = livePosts(scene.model).find((id) => scene.model.posts.get(id)!.authorId === scene.me.id);
  if (!mine) return;
  const done = await scene.client.writeToPost(mine, 'mutation ($id: ID!) { deletePost(id: $id) { id } }', { id: mine });
  if (done) scene.model.posts.get(mine)!.deleted = true;
}
