import type { FastifyReply } from 'fastify';
import { type ErrorCode, errorCatalogue } from '@fowergram/contracts-core';
import { challenge, RETRY_AFTER_SECONDS } from '../http/rest-errors.js';
import type { ProblemSource } from './problem.js';

/** Answers with a problem; formErrors writes it. */
export function sendProblem(
  reply: FastifyReply,
  source: ProblemSource & { code: ErrorCode },
  status: number = errorCatalogue[source.code],
): FastifyReply {
  const retryAfterSeconds = source.retryAfterSeconds ?? waitFor(source);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  if (source.code === 'UNAUTHENTICATED') challenge(reply);
  return reply.code(status).send({ ...source, retryAfterSeconds });
}

/** What is away, or under way, is asked for again. */
const waitFor = ({ code, reason }: ProblemSource): number | undefined =>
  code === 'UNAVAILABLE' || reason === 'IDEMPOTENCY_KEY_IN_FLIGHT' ? RETRY_AFTER_SECONDS : undefined;
