import type { TestUser } from '../src/test-users.js';
import type { Model } from './model.js';
import type { PatientClient } from './patient-client.js';
import type { UserLocks } from './user-locks.js';

/** Who acts, among whom, and what is known of all that was acknowledged. */
export interface Scene {
  me: TestUser;
  users: TestUser[];
  model: Model;
  locks: UserLocks;
  random: () => number;
  client: PatientClient;
}
