import { Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { postOperatorRpc } from '@fowergram/contracts-post';
import { auditNext } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { OutboxAdministration } from '@fowergram/outbox';
import { COUNTERS } from '../counters/counters.registry.js';
import { FanOutQueue } from '../feed/fan-out.queue.js';
import { FeedCache } from '../feed/feed.cache.js';

/** What operators see of this service and do in it, by the command `fowergram` (docs/on-call.md). */
@Injectable()
export class OperatorService {
  constructor(
    private readonly db: Database,
    private readonly outbox: OutboxAdministration,
    private readonly fanOut: FanOutQueue,
    private readonly feeds: FeedCache,
  ) {}

  async state(): Promise<Output<typeof postOperatorRpc.state>> {
    // Without Redis nobody knows what waits there, and the rest is all the more worth knowing.
    const queues = await Promise.all([this.fanOut.state()]).catch(() => null);
    return { outbox: await this.outbox.state(), queues };
  }

  async auditCounters({
    repair,
    progress,
  }: Parsed<(typeof postOperatorRpc)['auditCounters']>): Promise<Output<(typeof postOperatorRpc)['auditCounters']>> {
    return { progress: await auditNext({ db: this.db, counters: COUNTERS, repair }, progress) };
  }

  published({
    since,
    until,
  }: Parsed<(typeof postOperatorRpc)['published']>): Promise<Output<(typeof postOperatorRpc)['published']>> {
    return this.outbox.published(new Date(since), new Date(until));
  }

  async republishSpan({
    since,
    until,
  }: Parsed<(typeof postOperatorRpc)['republishSpan']>): Promise<Output<(typeof postOperatorRpc)['republishSpan']>> {
    return { events: await this.outbox.republishSpan(new Date(since), new Date(until)) };
  }

  republish(eventId: string): Promise<Record<string, never>> {
    return this.outbox.republish(eventId);
  }

  async rebuildFeed(userId: string): Promise<Record<string, never>> {
    await this.feeds.invalidate(userId);
    return {};
  }
}
