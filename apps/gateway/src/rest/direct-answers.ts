import type { FastifyRequest } from 'fastify';
import { Readings } from '../api/context/readings.js';
import type { RequestContext } from '../api/context/request-context.js';
import { etagFor, type ReadyBody } from './answers.js';
import type { RestOperation } from './rest-operation.js';
import type { UnchangedAnswersCache } from './unchanged-answers.cache.js';
import type { AnswerWriter } from './writing/answer-writer.js';
import type { Variables } from './writing/writing.js';

/** What was answered without the engine: the ETag that the client has and that is right, or a body; null where there is nothing to show. */
export type DirectAnswer = { unchanged: string } | { body: ReadyBody | null };

/** A request that reads. */
interface Reading {
  request: FastifyRequest;
  context: RequestContext;
  variables: Variables;
}

/** Answers a request that reads; undefined where the engine has to. */
export type AnswerDirectly = (
  operation: RestOperation,
  writer: AnswerWriter,
  reading: Reading,
) => Promise<DirectAnswer | undefined>;

/** Answers requests from what earlier answers were made of, or writes them. */
export const directAnswers =
  (answers: UnchangedAnswersCache): AnswerDirectly =>
  async (operation, writer, { request, context, variables }) => {
    const key = keyOf(operation, context, variables);
    context.readings = new Readings(key !== undefined);
    const { 'if-match': wanted, 'if-none-match': held } = request.headers;
    if (key !== undefined && held !== undefined && wanted === undefined) {
      const unchanged = await answers.unchanged(key, held, context);
      if (unchanged !== undefined) return { unchanged };
    }
    const written = await writer.answer(context, variables);
    if (!written) return written === null ? { body: null } : undefined;
    const { bytes, nextCursor, version } = written;
    const etag = etagFor(operation, bytes, context.shownVersion?.() ?? version);
    if (key !== undefined && etag !== undefined) answers.store(key, etag, context);
    return { body: { bytes, nextCursor, etag } };
  };

/** Tells the answers of this route to this session apart; undefined where more than services say what is shown. */
function keyOf(
  { route, target }: RestOperation,
  { session, service }: RequestContext,
  variables: Variables,
): string | undefined {
  if (!route.isOfServices || target.kind !== 'one') return undefined;
  return JSON.stringify([route.id, session?.handle, session?.role, service?.id, variables]);
}
