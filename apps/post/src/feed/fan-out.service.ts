import { Injectable } from '@nestjs/common';
import { type Counter, type Histogram, Registry } from 'prom-client';
import type { Payload } from '@fowergram/contracts-core';
import type { postEvent } from '@fowergram/contracts-post';
import { userRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { Bus, type EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { counter, histogram } from '@fowergram/service-kit';
import { FeedCache, type CreatedPost } from './feed.cache.js';
import { type FanOutPage, FanOutQueue } from './fan-out.queue.js';
import { FeedRepository } from './feed.repository.js';

const PAGE = 1_000;
/** A push runs as one script, and Redis serves nobody else meanwhile. */
const CHUNK = 500;

/**
 * Brings a new post into the warm feeds of its author's followers. The first page of followers is served by the event itself,
 * which the broker delivers until it is done: most authors have no second page, and a job would cost more than the push. Each
 * further page is a job that adds the next one, so that an author with a million followers delays nobody else.
 *
 * Doing a page twice is harmless. Pages that vanish with a flush of Redis leave no hole: the feeds have vanished too.
 */
@Injectable()
export class FanOutService {
  private readonly pushes: Counter<never>;
  private readonly delay: Histogram<never>;

  constructor(
    private readonly db: Database,
    private readonly cache: FeedCache,
    private readonly feeds: FeedRepository,
    private readonly queue: FanOutQueue,
    private readonly bus: Bus,
    metrics: Registry,
  ) {
    this.pushes = counter(metrics, 'feed_pushes_total', 'Posts pushed into warm feeds.', []);
    this.delay = histogram(
      metrics,
      'feed_delivery_seconds',
      'From the creation of a post to its push into a page of feeds.',
      [],
    );
  }

  /** Delivers to the first page of followers and queues the rest; the event is marked as processed when that is safe. */
  async start(post: CreatedPost, context: EventContext): Promise<void> {
    await this.deliver(post);
    await markProcessed(this.db, context);
  }

  /** Brings a post back that is shown again; one that is hidden is left out by every read. */
  async follow(change: Payload<typeof postEvent.stateChanged>, context: EventContext): Promise<void> {
    const { postId, authorId, createdAt, state } = change;
    if (state === 'PUBLISHED') {
      await this.deliver({ postId, authorId, createdAt, isBack: true });
      for (const userId of await this.feeds.coAuthorsOf(postId)) await this.share(change, userId);
    }
    await markProcessed(this.db, context);
  }

  /** Brings a post to the followers of whoever is its co-author from now on. */
  async followCoAuthor(fact: Payload<typeof postEvent.coAuthorAccepted>, context: EventContext): Promise<void> {
    await this.share(fact, fact.userId);
    await markProcessed(this.db, context);
  }

  /** Delivers to one later page. */
  async deliverPage({ afterId, ...post }: FanOutPage): Promise<void> {
    await this.deliver(post, afterId);
  }

  /** The viewer follows other users from now on; the event is marked as processed when the cached feed is gone. */
  async invalidate(viewerId: string, context: EventContext): Promise<void> {
    await this.cache.invalidate(viewerId);
    await markProcessed(this.db, context);
  }

  /** The co-author's own feed is made anew with it: nobody follows themselves. */
  private async share({ postId, authorId, createdAt }: CreatedPost, userId: string): Promise<void> {
    await this.cache.invalidate(userId);
    await this.deliver({ postId, authorId: userId, ownerId: authorId, createdAt, isBack: true });
  }

  private async deliver(post: CreatedPost, afterId?: string): Promise<void> {
    const { ids, hasMore } = await this.bus.call(userRpc.followerIds, { userId: post.authorId, afterId, limit: PAGE });
    if (hasMore) await this.queue.add({ ...post, afterId: ids.at(-1)! });
    // Whoever made the post has it as their own.
    const viewerIds = ids.filter((id) => id !== post.ownerId);
    for (let i = 0; i < viewerIds.length; i += CHUNK)
      this.pushes.inc(await this.cache.deliver(post, viewerIds.slice(i, i + CHUNK)));
    // How long ago a post was created that is back says nothing of the delivery.
    if (!post.isBack) this.delay.observe((Date.now() - Date.parse(post.createdAt)) / 1_000);
  }
}
