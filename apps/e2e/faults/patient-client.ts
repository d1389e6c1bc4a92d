import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphqlError } from '../src/app-client.js';
import type { TestUser } from '../src/test-users.js';
import type { Model } from './model.js';

/** A write deadline of 5 s plus what a loaded machine of two cores adds. */
const HONEST_WITHIN_MS = 9_000;
export const RETRY_FOR_MS = 60_000;
const PASSING = new Set(['UNAVAILABLE', 'RATE_LIMITED']);

/** Sends the requests of a user, each with its key again and again until it is acknowledged, and notes what is a defect on the way. */
export class PatientClient {
  constructor(
    private readonly me: TestUser,
    private readonly model: Model,
  ) {}

  /** Undefined when the post is not there: deleted by its author meanwhile, or lost. */
  async writeToPost<T>(postId: string, mutation: string, variables: object): Promise<T | undefined> {
    try {
      return await this.write<T>(mutation, variables);
    } catch (error) {
      if (!(error instanceof GraphqlError) || error.code !== 'NOT_FOUND') throw error;
      this.model.missed.add(postId);
      return undefined;
    }
  }

  async write<T>(mutation: string, variables: object): Promise<T> {
    const idempotencyKey = randomUUID();
    const data = await this.untilDone(() => this.me.client.request<T>(mutation, variables, { idempotencyKey }));
    this.model.acknowledged++;
    return data;
  }

  async untilDone<T>(request: () => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + RETRY_FOR_MS;
    for (;;) {
      const startedAt = Date.now();
      try {
        return await request();
      } catch (error) {
        const ms = Date.now() - startedAt;
        if (!(error instanceof GraphqlError) && !isStoreBreak(error))
          this.model.defects.push(`an untyped failure: ${String(error)}`);
        if (error instanceof GraphqlError && error.code === 'INTERNAL')
          this.model.defects.push(`INTERNAL: ${error.message}`);
        if (error instanceof GraphqlError && ms > HONEST_WITHIN_MS)
          this.model.defects.push(`${error.code} after ${ms} ms`);
        if (!mayPass(error) || Date.now() > giveUpAt) throw error;
        this.model.retried++;
        await pause(100);
      }
    }
  }
}

/** The media service or its queue was hit in the middle of an upload: the app starts that upload again. */
const isStoreBreak = (error: unknown): boolean =>
  error instanceof Error && /still (PROCESSING|AWAITING_UPLOAD)|object store answered/.test(error.message);

function mayPass(error: unknown): boolean {
  if (!(error instanceof GraphqlError)) return true;
  const { code, reason } = error.errors[0]?.extensions ?? {};
  return PASSING.has(code ?? '') || code === 'INTERNAL' || reason === 'IDEMPOTENCY_KEY_IN_FLIGHT';
}
