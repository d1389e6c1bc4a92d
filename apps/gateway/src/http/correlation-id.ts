import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { newCorrelationId } from '@fowergram/service-kit';

const PLAIN = /^[\w.:-]{1,100}$/;

/** The header that every answer has. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** The id by which a request is found in the logs: that of the client, where it is short and plain, or a new one. */
export function chooseCorrelationId(headers: IncomingHttpHeaders): string {
  const given = headers[CORRELATION_HEADER];
  return typeof given === 'string' && PLAIN.test(given) ? given : newCorrelationId();
}

/** The id that the answer has. */
export const correlationIdOf = (reply: FastifyReply): string => String(reply.getHeader(CORRELATION_HEADER));
