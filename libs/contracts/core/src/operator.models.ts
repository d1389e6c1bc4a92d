import { z } from 'zod';
import { Timestamp } from './ids.js';

/** Who operates, as the audit names them. */
export const OperatorName = z
  .string()
  .trim()
  .min(2, { error: 'The name of an operator has at least 2 characters.' })
  .max(100, { error: 'The name of an operator has at most 100 characters.' });

/** The events and pushes of a service that are stored and not published yet. */
export const OutboxState = z.object({ waiting: z.number().int(), oldestSeconds: z.number() });
export type OutboxState = z.output<typeof OutboxState>;

/** The jobs of a queue; `oldestSeconds` is the age of the one that waits longest. */
export const QueueState = z.object({
  name: z.string(),
  waiting: z.number().int(),
  active: z.number().int(),
  delayed: z.number().int(),
  failed: z.number().int(),
  oldestSeconds: z.number(),
});
export type QueueState = z.output<typeof QueueState>;

/** From a moment on, up to another one. */
export const Span = z.object({ since: Timestamp, until: Timestamp });

/** How much an outbox published within a span. */
export const PublishedEvents = z.object({ events: z.number().int() });
export type PublishedEvents = z.output<typeof PublishedEvents>;

/** How far the recount of the counters of a service is; `after` is null where `counter` is done. */
export const AuditProgress = z.object({
  counter: z.string().max(100),
  after: z.string().max(200).nullable(),
  size: z.number().int().min(1).max(5_000),
  keys: z.number().int(),
  drifted: z.number().int(),
  drift: z.number().int(),
  examples: z.array(z.string().max(200)).max(5),
});

/** Counts a page of keys again, and mends what differs where that is asked for; the last answer is null. */
export const CounterAudit = {
  input: z.object({ repair: z.boolean(), progress: AuditProgress.nullable() }),
  output: z.object({ progress: AuditProgress.nullable() }),
};
