import { z } from 'zod';
import { command, Id, OutboxState, query, QueueState, Span } from '@fowergram/contracts-core';

/** What operators ask of the media service. */
export const mediaOperatorRpc = {
  state: query('media.operator.state', {
    input: z.object({}),
    output: z.object({ outbox: OutboxState, queues: z.array(QueueState).nullable() }),
  }),
  /** Publishes again what was published within a span, a batch at a time: after a broker has lost its streams. */
  republishSpan: command('media.operator.republish-span', {
    input: Span,
    output: z.object({ events: z.number().int() }),
  }),
  /** As at the user service. */
  republish: command('media.operator.republish', { input: z.object({ eventId: Id }), output: z.object({}) }),
  /** Processes a picture with all its tries anew; NOT_FOUND where it is not PROCESSING, UNAVAILABLE without Redis. */
  process: command('media.operator.process', { input: z.object({ mediaId: Id }), output: z.object({}) }),
};
