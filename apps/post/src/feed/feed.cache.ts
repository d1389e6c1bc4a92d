import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OLDEST, type Position } from '@fowergram/contracts-core';
import { FeedRedis } from './feed-redis.client.js';
import { END, FEED_TTL_SECONDS, feedKey, LEASE_MS } from './feed.keys.js';
import { DELIVER, FILL, OPEN, READ } from './feed.scripts.js';

/** Ids of a stretch of a feed, newest first: all that it has above `lowest`, which is part of the stretch. */
export interface Skeleton {
  ids: string[];
  lowest: Position;
}

/** The right to fill one feed. It is lost as soon as the feed is invalidated. */
export interface Lease {
  nonce: string;
  run: string;
}

export interface CreatedPost {
  postId: string;
  /** Whose followers it comes to. */
  authorId: string;
  /** Who made it, where it comes to the followers of a co-author. */
  ownerId?: string;
  createdAt: string;
  /** It was hidden, and is shown again. */
  isBack?: true;
}

interface FeedCommands {
  feedRead(...args: (string | number)[]): Promise<string[] | null>;
  feedOpen(...args: (string | number)[]): Promise<number>;
  feedFill(...args: (string | number)[]): Promise<number>;
  feedDeliver(...args: (string | number)[]): Promise<number>;
}

/** Nobody waits for a delivery, and trying again costs more than waiting. */
const DELIVERY_TIMEOUT_MS = 3_000;

/** The feeds that are cached in Redis. Every method throws UNAVAILABLE when Redis does not answer; Postgres has the truth then. */
@Injectable()
export class FeedCache {
  /** Viewers whose feed could not be invalidated yet: this process does not read it before it is. */
  private readonly pendingInvalidations = new Set<string>();

  constructor(private readonly redis: FeedRedis) {
    redis.client.defineCommand('feedRead', { lua: READ, numberOfKeys: 2 });
    redis.client.defineCommand('feedOpen', { lua: OPEN, numberOfKeys: 3 });
    redis.client.defineCommand('feedFill', { lua: FILL, numberOfKeys: 3 });
    redis.client.defineCommand('feedDeliver', { lua: DELIVER, numberOfKeys: 0 });
  }

  /** Up to `count` ids after a position; 'beyond' when the feed is warm but does not reach so far down. */
  async read(viewerId: string, after: Position | undefined, count: number): Promise<Skeleton | 'cold' | 'beyond'> {
    const run = this.redis.serverId();
    if (this.pendingInvalidations.has(viewerId)) await this.invalidate(viewerId);
    const cursor = after ? [after.at.getTime(), after.id] : ['', ''];
    const page = await this.run((redis) =>
      redis.feedRead(feedKey.following(viewerId), feedKey.posts(viewerId), run, count, FEED_TTL_SECONDS, ...cursor),
    );
    if (!page) return 'cold';
    return page.length > 0 ? toSkeleton(page) : 'beyond';
  }

  /** Undefined when somebody else is filling this feed. */
  async lease(viewerId: string): Promise<Lease | undefined> {
    const lease = { nonce: randomUUID(), run: this.redis.serverId() };
    const given = await this.redis.run((client) =>
      client.set(feedKey.lease(viewerId), lease.nonce, 'PX', LEASE_MS, 'NX'),
    );
    return given ? lease : undefined;
  }

  /** Lets pushes of these authors in; false when the lease is lost. */
  async open(viewerId: string, { nonce }: Lease, authorIds: string[]): Promise<boolean> {
    const ttl = Math.ceil(LEASE_MS / 1_000) * 2;
    return (await this.run((redis) => redis.feedOpen(...keys(viewerId), nonce, ttl, ...authorIds))) === 1;
  }

  /** Adds what was there before the feed was opened and makes it warm; false when the lease is lost. */
  async fill(viewerId: string, { nonce, run }: Lease, past: Position[], isAll: boolean): Promise<boolean> {
    const members = past.flatMap(({ at, id }) => [at.getTime(), id]);
    return (
      (await this.run((redis) =>
        redis.feedFill(...keys(viewerId), nonce, run, FEED_TTL_SECONDS, isAll ? 1 : 0, ...members),
      )) === 1
    );
  }

  /** Makes the feed cold and takes the lease from whoever is filling it. */
  async invalidate(viewerId: string): Promise<void> {
    this.pendingInvalidations.add(viewerId);
    await this.redis.run((client) => client.del(...keys(viewerId)));
    this.pendingInvalidations.delete(viewerId);
  }

  /** Takes posts out that were found to be hidden from everybody. */
  async remove(viewerId: string, postIds: string[]): Promise<void> {
    await this.redis.run((client) => client.zrem(feedKey.posts(viewerId), ...postIds));
  }

  /** Pushes a post into those of these viewers' feeds that are warm; answers how many these were. */
  async deliver({ postId, authorId, createdAt }: CreatedPost, viewerIds: string[]): Promise<number> {
    return this.run(
      (redis) => redis.feedDeliver(postId, Date.parse(createdAt), authorId, ...viewerIds),
      DELIVERY_TIMEOUT_MS,
    );
  }

  private run<T>(command: (redis: FeedCommands) => Promise<T>, timeoutMs?: number): Promise<T> {
    return this.redis.run((client) => command(client as unknown as FeedCommands), timeoutMs);
  }
}

const keys = (viewerId: string): [string, string, string] => [
  feedKey.lease(viewerId),
  feedKey.following(viewerId),
  feedKey.posts(viewerId),
];

function toSkeleton(page: string[]): Skeleton {
  const score = page.pop()!;
  if (page.at(-1) === END) return { ids: page.slice(0, -1), lowest: OLDEST };
  return { ids: page, lowest: { at: new Date(Number(score)), id: page.at(-1)! } };
}
