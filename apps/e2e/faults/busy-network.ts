import { eventually } from '@fowergram/testing';
import { uploadPhoto } from '../src/actions.js';
import type { Network } from '../src/network.js';
import { drawPhoto } from '../src/photos.js';
import { type TestUser, signUpTestUser } from '../src/test-users.js';
import { violations } from './invariants.js';
import { type Load, startLoad } from './load.js';

const USERS = 6;
const SETTLED_WITHIN_MS = 60_000;
/** These six act more than six hundred. */
export const BUSY = { RATE_LIMIT_FACTOR: '1000' };

/** Users of a network, and the load that they make from now on. */
export async function busyNetwork(network: Network, seed: number): Promise<{ users: TestUser[]; load: Load }> {
  const users: TestUser[] = [];
  for (let index = 0; index < USERS; index++) users.push(await signUpTestUser(network, `p${index}`));
  // The first picture costs the worker its start; the load begins when everything is warm.
  await uploadPhoto(users[0]!.client, await drawPhoto({ seed: 1, width: 96, height: 64 }));
  return { users, load: startLoad(users, seed) };
}

/** Waits until that many more requests were acknowledged. */
export async function progress({ model }: Load, requests: number): Promise<void> {
  const target = model.acknowledged + requests;
  await eventually(() => model.acknowledged >= target, 60_000);
}

/** Waits until nothing contradicts what was acknowledged. */
export async function holdsEventually(
  network: Network,
  users: TestUser[],
  load: Load,
  withinMs = SETTLED_WITHIN_MS,
): Promise<void> {
  await eventually(async () => expect(await violations(network, users, load.model)).toEqual([]), withinMs);
}
