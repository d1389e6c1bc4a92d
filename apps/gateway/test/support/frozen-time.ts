import { LimitsClock } from '../../src/limits/limits-clock.service.js';
import type { World } from './world.js';

/** Stops the time by which points come back; `pass` lets some of it pass at once. */
export function freezeTime(world: Pick<World, 'app'>): { pass: (seconds: number) => void } {
  const clock = world.app.get(LimitsClock);
  let now = Date.now();
  clock.now = () => now;
  return { pass: (seconds) => void (now += seconds * 1_000) };
}
