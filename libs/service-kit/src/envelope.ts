import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What travels beside a message and is never part of its payload. */
export interface Envelope {
  correlationId: string;
  /** Epoch milliseconds after which nobody waits for the answer. */
  deadlineAt: number;
  idempotencyKey?: string;
}

const storage = new AsyncLocalStorage<Envelope>();

/** The envelope of the request or event that is being handled, if one is. */
export const currentEnvelope = (): Envelope | undefined => storage.getStore();

/** Runs `work` as part of the request or event that the envelope describes. */
export const withEnvelope = <T>(envelope: Envelope, work: () => T): T => storage.run(envelope, work);

export const newCorrelationId = (): string => randomUUID();
