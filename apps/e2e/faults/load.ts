import { setTimeout as pause } from 'node:timers/promises';
import { GraphqlError } from '../src/app-client.js';
import { randomFrom } from '../src/random.js';
import type { TestUser } from '../src/test-users.js';
import { emptyModel, type Model } from './model.js';
import { PatientClient } from './patient-client.js';
import { look, toggleBlock, toggleFollow, togglePrivate } from './user-steps.js';
import { comment, toggleCommentLike, toggleLike, toggleRepost, toggleSave } from './post-steps.js';
import { deletePost, hideForAWhile, NeverOut, post } from './publishing-steps.js';
import type { Scene } from './scene.js';
import { UserLocks } from './user-locks.js';

export interface Load {
  model: Model;
  /** Ends when every request under way is acknowledged. */
  stop(): Promise<void>;
}

/** What users do, and how often of a hundred times. */
const STEPS: [number, (scene: Scene) => Promise<void>][] = [
  [10, post],
  [20, toggleLike],
  [8, toggleSave],
  [6, toggleRepost],
  [16, comment],
  [8, toggleCommentLike],
  [14, toggleFollow],
  [4, toggleBlock],
  [3, togglePrivate],
  [6, look],
  [3, hideForAWhile],
  [2, deletePost],
];

/** Lets each user act at random, one request after the other; a request that fails is repeated with its key until it is acknowledged. */
export function startLoad(users: TestUser[], seed: number): Load {
  const [model, locks] = [emptyModel(), new UserLocks()];
  let stopping = false;
  const actors = users.map((me, index) => {
    const random = randomFrom(seed + index);
    return act({ me, users, model, locks, random, client: new PatientClient(me, model) }, () => stopping);
  });
  return {
    model,
    stop: async () => {
      stopping = true;
      await Promise.all(actors);
    },
  };
}

async function act(scene: Scene, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await stepOrDefect(scene);
    await pause(15);
  }
}

/** What is not there, or is not as it was acknowledged, is a defect; the user goes on. */
async function stepOrDefect(scene: Scene): Promise<void> {
  try {
    await someStep(scene.random())(scene);
  } catch (error) {
    if (!isLoss(error)) throw error;
    scene.model.defects.push(`I1 ${scene.me.username}: ${error.message}`);
  }
}

function someStep(dice: number): (scene: Scene) => Promise<void> {
  let rest = dice * 100;
  return STEPS.find(([share]) => (rest -= share) < 0)![1];
}

const isLoss = (error: unknown): error is Error =>
  error instanceof NeverOut ||
  (error instanceof GraphqlError && (error.code === 'NOT_FOUND' || error.code === 'CONFLICT'));
