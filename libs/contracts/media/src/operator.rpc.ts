import { z } from 'zod';
import { command, Id, OutboxState, PublishedEvents, query, QueueState, Span } from '@fowergram/contracts-core';

/** A picture of which objects are nowhere, by the names of these variants. */
export const LostPicture = z.object({ mediaId: Id, ownerId: Id, variants: z.array(z.string()) });
export type LostPicture = z.output<typeof LostPicture>;

/** What operators ask of the media service. */
export const mediaOperatorRpc = {
  state: query('media.operator.state', {
    input: z.object({}),
    output: z.object({ outbox: OutboxState, queues: z.array(QueueState).nullable() }),
  }),
  /** What was published within a span and is still in the outbox. */
  published: query('media.operator.published', { input: Span, output: PublishedEvents }),
  /** Publishes again what was published within a span, a batch at a time: after a broker has lost its streams. */
  republishSpan: command('media.operator.republish-span', {
    input: Span,
    output: z.object({ events: z.number().int() }),
  }),
  /** As at the user service. */
  republish: command('media.operator.republish', { input: z.object({ eventId: Id }), output: z.object({}) }),
  /** Processes a picture with all its tries anew; NOT_FOUND where it is not PROCESSING, UNAVAILABLE without Redis. */
  process: command('media.operator.process', { input: z.object({ mediaId: Id }), output: z.object({}) }),
  /**
   * Compares a page of READY pictures with their objects, in the order of their ids. PLACES has pictures moved that lie in the other folder;
   * ALL takes from the rows the variants, too, whose objects are nowhere.
   */
  reconcile: command('media.operator.reconcile', {
    input: z.object({ after: Id.nullable(), heal: z.enum(['NOTHING', 'PLACES', 'ALL']) }),
    output: z.object({
      checked: z.number().int(),
      misplaced: z.array(Id),
      lost: z.array(LostPicture),
      next: Id.nullable(),
    }),
  }),
};
