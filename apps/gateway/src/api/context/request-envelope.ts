import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newCorrelationId, withEnvelope } from '@fowergram/service-kit';

const CORRELATION_ID = /^[\w.:-]{1,100}$/;
const HEADER = 'x-correlation-id';

/** The id that the answer has: that of the client, or a new one. */
export const correlationIdOf = (reply: FastifyReply): string => String(reply.getHeader(HEADER));

/**
 * Runs each request in an envelope: what it logs and calls carries its correlation id, by which its trace is found too, and every
 * answer has the id as a header. A context does not outlast the reading of the body, so it is opened once more behind that.
 */
export function openEnvelopes(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header(HEADER, givenBy(request) ?? newCorrelationId());
    inEnvelope(reply, done);
  });
  server.addHook('preValidation', (_request, reply, done) => {
    trace.getActiveSpan()?.setAttribute('correlation.id', correlationIdOf(reply));
    inEnvelope(reply, done);
  });
}

function givenBy({ headers }: FastifyRequest): string | undefined {
  const given = headers[HEADER];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : undefined;
}

const inEnvelope = (reply: FastifyReply, done: () => void): void =>
  withEnvelope({ correlationId: correlationIdOf(reply), deadlineAt: Infinity }, done);
