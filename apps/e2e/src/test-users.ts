import { randomBytes } from 'node:crypto';
import { createPost, myId, uploadPhoto } from './actions.js';
import type { AppClient } from './app-client.js';
import type { Network } from './network.js';
import { drawPhoto } from './photos.js';

export interface TestUser {
  client: AppClient;
  id: string;
  username: string;
  email: string;
  password: string;
}

/** Signs somebody up under a name that nobody else has. */
export async function signUpTestUser(network: Pick<Network, 'client'>, name: string): Promise<TestUser> {
  const client = network.client();
  const username = `${name}_${randomBytes(4).toString('hex')}`;
  const form = { username, email: `${username}@users.test`, password: 'correct horse 1' };
  const answer = await client.signUp(form);
  if (answer.status !== 'OK') throw new Error(`Sign-up was answered ${JSON.stringify(answer)}`);
  return { client, id: await myId(client), ...form };
}

let drawings = 0;

/** Uploads a new picture and posts it; returns the post's id. */
export async function postPhoto(user: TestUser, caption: string): Promise<string> {
  const mediaId = await uploadPhoto(user.client, await drawPhoto({ seed: ++drawings, width: 320, height: 240 }));
  return createPost(user.client, [mediaId], caption);
}
