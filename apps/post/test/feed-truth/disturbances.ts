import { FanOutProcessor } from '../../src/feed/fan-out.processor.js';
import { FeedCache } from '../../src/feed/feed.cache.js';
import { feedKey } from '../../src/feed/feed.keys.js';
import { readFeed } from './read-feed.js';
import type { Facts, Scene, Step } from './scene.js';

const NOTHING: Facts = [];

const flush: Step = async ({ world }) => {
  await world.redis.client.flushall();
  return NOTHING;
};

/** Redis may evict each key for itself. */
const evict: Step = async ({ world, dice, users }) => {
  const key = dice.pick([feedKey.posts, feedKey.following, feedKey.lease]);
  await world.redis.client.del(key(dice.pick(users)));
  return NOTHING;
};

/** A cache may end anywhere, as long as it has no hole above. */
const trim: Step = async ({ world, dice, users }) => {
  await world.redis.client.zremrangebyrank(feedKey.posts(dice.pick(users)), 0, dice.below(12));
  return NOTHING;
};

/** Several readers find a cold feed at once. */
const readTogether: Step = async (scene) => {
  const viewerId = scene.dice.pick(scene.users);
  await scene.world.dropFeed(viewerId);
  await Promise.all([1, 2, 3].map(() => readFeed(scene.world, viewerId, 20)));
  return NOTHING;
};

/** A worker takes no more pages, until something else of these happens. */
const pauseWorker: Step = async ({ world, dice }) => {
  const { worker } = world.app.get(FanOutProcessor);
  if (worker.isPaused()) await worker.resume();
  else if (dice.chance(0.5)) await worker.pause(true);
  return NOTHING;
};

/** The next push breaks off, before or after it has reached Redis. */
const breakPush: Step = async ({ world, dice }) => {
  const cache = world.app.get(FeedCache);
  const isLate = dice.chance(0.5);
  cache.deliver = async (...args) => {
    Reflect.deleteProperty(cache, 'deliver');
    if (isLate) await cache.deliver(...args);
    throw new Error('This push was broken off by a test.');
  };
  return NOTHING;
};

const loseRedis: Step = async ({ world }) => {
  await world.redis.kill();
  await world.redis.revive();
  return NOTHING;
};

const killProcess: Step = async ({ second }) => {
  void second?.kill();
  return NOTHING;
};

const pauseProcess: Step = async ({ second }) => {
  void second?.pause();
  return NOTHING;
};

/** The event of something that users did comes late, when other things have happened since, or twice. */
const hearLate: Step = async ({ world, dice, events }) => {
  if (events.length > 0) await dice.pick(events.slice(-40))(world);
  return NOTHING;
};

/** What happens to the caches, to whoever fills them and to events; it changes nothing of what a feed is. */
export const disturbances: [number, Step][] = [
  [1, flush],
  [5, evict],
  [4, trim],
  [2, readTogether],
  [5, hearLate],
  [1, pauseWorker],
  [0.5, breakPush],
  [0.05, loseRedis],
  [0.2, killProcess],
  [0.4, pauseProcess],
];

/** Whoever was paused goes on. */
export async function goOn({ world }: Scene): Promise<void> {
  const { worker } = world.app.get(FanOutProcessor);
  if (worker.isPaused()) await worker.resume();
}
