import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { newCorrelationId, withEnvelope } from '@fowergram/service-kit';

const CORRELATION_ID = /^[\w.:-]{1,100}$/;

/** The correlation id that a client sent, or a new one. */
export function correlationIdOf({ headers }: FastifyRequest): string {
  const given = headers['x-correlation-id'];
  return typeof given === 'string' && CORRELATION_ID.test(given) ? given : newCorrelationId();
}

/** Runs each request in an envelope: what it logs and calls carries its correlation id, by which its trace is found too. */
export function openEnvelopes(server: FastifyInstance): void {
  // Not earlier: a context does not outlast the reading of the body.
  server.addHook('preValidation', (request, _reply, done) => {
    const correlationId = correlationIdOf(request);
    trace.getActiveSpan()?.setAttribute('correlation.id', correlationId);
    withEnvelope({ correlationId, deadlineAt: Infinity }, done);
  });
}
