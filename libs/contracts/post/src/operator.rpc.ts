import { z } from 'zod';
import {
  command,
  CounterAudit,
  Id,
  OutboxState,
  PublishedEvents,
  query,
  QueueState,
  Span,
} from '@fowergram/contracts-core';

/** What operators ask of the post service. */
export const postOperatorRpc = {
  state: query('post.operator.state', {
    input: z.object({}),
    output: z.object({ outbox: OutboxState, queues: z.array(QueueState).nullable() }),
  }),
  /** What was published within a span and is still in the outbox. */
  published: query('post.operator.published', { input: Span, output: PublishedEvents }),
  /** Publishes again what was published within a span, a batch at a time: after a broker has lost its streams. */
  republishSpan: command('post.operator.republish-span', {
    input: Span,
    output: z.object({ events: z.number().int() }),
  }),
  /** As at the user service. */
  republish: command('post.operator.republish', { input: z.object({ eventId: Id }), output: z.object({}) }),
  /** Drops the cached feed, so that the next read makes it of what is stored; UNAVAILABLE without Redis. */
  rebuildFeed: command('post.operator.rebuild-feed', { input: z.object({ userId: Id }), output: z.object({}) }),
  auditCounters: command('post.operator.audit-counters', CounterAudit),
};
