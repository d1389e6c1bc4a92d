import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { VisibilityRepository } from '@fowergram/visibility';
import { FeedCache } from '../../src/feed/feed.cache.js';
import { FeedRedis } from '../../src/feed/feed-redis.client.js';
import { DELIVER } from '../../src/feed/feed.scripts.js';

/** Breaks a service that runs; answers what makes it whole again. */
type Plant = (app: INestApplicationContext) => () => void;

/** It shows itself only where a feed has more posts than a cache takes. */
export const ABOUT_FULL_CACHES = 'a full cache loses the last post but one';

/** What the comparison of feeds with the truth has to find, each as somebody might write it by mistake. */
export const plantedBugs: Record<string, Plant> = {
  'a block holds for one side only': (app) =>
    override(app.get(VisibilityRepository), 'apply', (apply) => (tx, changes) => {
      const [first] = changes.relations;
      return apply(tx, { ...changes, relations: first?.blocked ? [first] : changes.relations });
    }),
  'a cache is not dropped when its user unfollows somebody': (app) =>
    override(app.get(FeedCache), 'invalidate', () => () => Promise.resolve()),
  'a deleted post is still found by its id': (app) => inStretches(app, "post.state = 'PUBLISHED'", 'true'),
  'posts of one millisecond come in the order of their ids': (app) =>
    inStretches(app, 'order by p.created_at desc, p.id desc', 'order by p.created_at desc, p.id'),
  [ABOUT_FULL_CACHES]: (app) => {
    const { client } = app.get(FeedRedis);
    const lua = replaced(DELIVER, "'ZREMRANGEBYRANK', posts, 0", "'ZREMRANGEBYRANK', posts, 1");
    client.defineCommand('feedDeliver', { lua, numberOfKeys: 0 });
    return () => client.defineCommand('feedDeliver', { lua: DELIVER, numberOfKeys: 0 });
  },
  'an account that becomes private stays public': (app) =>
    override(
      app.get(VisibilityRepository),
      'apply',
      (apply) => (tx, changes) =>
        apply(tx, { ...changes, accounts: changes.accounts.filter((each) => !each.isPrivate) }),
    ),
};

type Methods<T> = { [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] };

/** Puts another method before that of one object. */
function override<T extends object, K extends keyof Methods<T>>(
  target: T,
  name: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = (target[name] as () => unknown).bind(target) as T[K];
  target[name] = make(original);
  return () => void Reflect.deleteProperty(target, name);
}

/** Fills the pages of feeds by another statement. */
const inStretches = (app: INestApplicationContext, part: string, other: string): (() => void) =>
  override(
    app.get(Database),
    'query',
    (query) => (text: string, values?: unknown[]) =>
      query(text.includes(') stretch') ? replaced(text, part, other) : text, values),
  );

function replaced(text: string, part: string, other: string): string {
  if (!text.includes(part)) throw new Error(`There is no ${part} to plant a bug in.`);
  return text.replaceAll(part, other);
}
