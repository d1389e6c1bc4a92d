import { z } from 'zod';
import { command, Id } from '@fowergram/contracts-core';

/** The scoped Idempotency-Key of a mutation. */
const Key = z.string().min(1).max(400);

/** What a mutation was answered. */
const Answer = z.object({ value: z.unknown() });

/** The idempotency keys of mutations whose effect is at the auth core, which has no transaction that a key could be part of. */
export const accountKeyRpc = {
  /**
   * Claims the key for this request, or answers what the first one was answered. A key of another request is BAD_USER_INPUT, one in flight
   * CONFLICT; a claim that is not completed ends by itself.
   */
  claim: command('user.account-key.claim', {
    input: z.object({ userId: Id, key: Key, requestHash: z.string().max(64) }),
    output: z.object({ answer: Answer.nullable() }),
  }),
  /** Stores the answer of the request that has the claim; without one the key is free again. */
  complete: command('user.account-key.complete', {
    input: z.object({ userId: Id, key: Key, answer: Answer.nullable() }),
    output: z.object({}),
  }),
};
