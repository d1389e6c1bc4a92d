import { openWorld } from '../world.js';
import type { Stage } from './island.js';
import { SecondProcess } from './second-process.js';
import { Truth } from './truth.js';

/** A post service of two processes, and what its feeds are compared with. */
export interface OpenStage extends Stage {
  close(): Promise<void>;
}

export async function openStage(): Promise<OpenStage> {
  const world = await openWorld();
  // Few users have many pages of followers.
  world.users.pageSize = 2;
  const [second, truth] = [await SecondProcess.start(world), await Truth.open(world.databaseUrl)];
  return {
    world,
    second,
    truth,
    close: async () => {
      await truth.close();
      await second.stop();
      await world.close();
    },
  };
}
