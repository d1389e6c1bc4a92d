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
