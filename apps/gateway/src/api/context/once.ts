import { createHmac } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { accountKeyRpc } from '@fowergram/contracts-user';
import type { RequestContext } from './request-context.js';

/**
 * Does at most once per Idempotency-Key of this viewer and mutation field what no service does in a transaction of its own: the key is
 * claimed before, and the answer stored behind. What fails frees the key.
 */
export async function once<T>(
  context: RequestContext,
  info: GraphQLResolveInfo,
  args: object,
  effect: () => Promise<T>,
): Promise<T> {
  context.hasWritten = true;
  const key = context.scopedKey(info);
  if (key === undefined) return effect();
  const userId = context.signedIn();
  const { answer } = await context.ask(accountKeyRpc.claim, { userId, key, requestHash: hashOf(context, info, args) });
  if (answer) return answer.value as T;
  const complete = (outcome: { value: unknown } | null) =>
    context
      .ask(accountKeyRpc.complete, { userId, key, answer: outcome })
      .catch((err: unknown) => context.shared.log.warn({ err, userId }, 'idempotency key not completed'));
  const value = await effect().catch(async (error: unknown) => {
    await complete(null);
    throw error;
  });
  await complete({ value });
  return value;
}

/** With a key of the gateway's: passwords are among the arguments, and nobody shall try them on a stored hash. */
const hashOf = ({ shared }: RequestContext, { fieldName }: GraphQLResolveInfo, args: object): string =>
  createHmac('sha256', shared.requestKey)
    .update(JSON.stringify([fieldName, args]))
    .digest('base64url');
