import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { withEnvelope } from '@fowergram/service-kit';
import { chooseCorrelationId, CORRELATION_HEADER, correlationIdOf } from '../../http/correlation-id.js';

/**
 * Runs each request in an envelope: what it logs and calls carries its correlation id, by which its trace is found too, and every
 * answer has the id as a header. A context does not outlast the reading of the body, so it is opened once more behind that.
 */
export function openEnvelopes(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header(CORRELATION_HEADER, chooseCorrelationId(request.headers));
    inEnvelope(reply, done);
  });
  server.addHook('preValidation', (_request, reply, done) => {
    trace.getActiveSpan()?.setAttribute('correlation.id', correlationIdOf(reply));
    inEnvelope(reply, done);
  });
}

const inEnvelope = (reply: FastifyReply, done: () => void): void =>
  withEnvelope({ correlationId: correlationIdOf(reply), deadlineAt: Infinity }, done);
