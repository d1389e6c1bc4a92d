import { createHash } from 'node:crypto';
import { AppError, type Output, type Rpc } from '@fowergram/contracts-core';
import type { Sql, Tx } from '@fowergram/database';

interface StoredResponse {
  request_hash: string;
  answer: unknown;
}

/**
 * Runs a mutation at most once per idempotency key, in the caller's transaction: a repeat gets the first answer, the same key
 * with another request is BAD_USER_INPUT (reason IDEMPOTENCY_KEY_REUSED), one that is still in flight is CONFLICT. Keys live 24 h.
 */
export async function withIdempotency<C extends Rpc>(
  tx: Tx,
  key: string | undefined,
  contract: C,
  input: unknown,
  effect: () => Promise<Output<C>>,
): Promise<Output<C>> {
  if (!key) return effect();
  const [lock] = await tx.query<{ mine: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
    [key],
  );
  if (!lock?.mine) throw keyInFlight();
  const stored = await findStoredResponse(tx, key, contract, input);
  if (stored) return stored.answer;
  const answer = await effect();
  await tx.query('insert into idempotency_key (key, request_hash, answer) values ($1, $2, $3)', [
    key,
    hashOf(contract, input),
    JSON.stringify(answer),
  ]);
  return answer;
}

/**
 * The same for a change of something that the caller may lose sight of: a repeat gets the first answer unless `see` throws, which reads
 * what was answered as the caller may see it now.
 */
export async function withIdempotencyWhileSeen<C extends Rpc>(
  tx: Tx,
  key: string | undefined,
  contract: C,
  input: unknown,
  { effect, see }: { effect: () => Promise<Output<C>>; see: (first: Output<C>) => Promise<unknown> },
): Promise<Output<C>> {
  let isRepeat = true;
  const answer = await withIdempotency(tx, key, contract, input, () => {
    isRepeat = false;
    return effect();
  });
  if (isRepeat) await see(answer);
  return answer;
}

/** Looks up the first answer of a key before work that cannot be part of the transaction; undefined when there is none yet. */
export async function findStoredResponse<C extends Rpc>(
  sql: Sql,
  key: string | undefined,
  contract: C,
  input: unknown,
): Promise<{ answer: Output<C> } | undefined> {
  if (!key) return undefined;
  const [stored] = await sql.query<StoredResponse>('select request_hash, answer from idempotency_key where key = $1', [
    key,
  ]);
  if (!stored) return undefined;
  if (stored.request_hash !== hashOf(contract, input)) throw keyReused();
  return { answer: stored.answer as Output<C> };
}

/**
 * Does what comes before the transaction of an effect and cannot be part of it, such as asking another service: for the first request of
 * a key alone. A repeat has its answer, whatever has become of the others; undefined for one.
 */
export async function beforeFirst<C extends Rpc, T>(
  sql: Sql,
  key: string | undefined,
  contract: C,
  input: unknown,
  prepare: () => Promise<T>,
): Promise<T | undefined> {
  return (await findStoredResponse(sql, key, contract, input)) ? undefined : prepare();
}

/** Makes the error for a key whose first request is under way. */
export const keyInFlight = (): AppError =>
  new AppError('CONFLICT', 'A request with this Idempotency-Key is still being worked on.', {
    reason: 'IDEMPOTENCY_KEY_IN_FLIGHT',
    retryAfterSeconds: 1,
  });

/** Makes the error for a key that was used for another request. */
export const keyReused = (): AppError =>
  new AppError('BAD_USER_INPUT', 'This Idempotency-Key was used for another request.', {
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });

function hashOf(contract: Rpc, input: unknown): string {
  return createHash('sha256').update(contract.subject).update('\n').update(JSON.stringify(input)).digest('base64url');
}
