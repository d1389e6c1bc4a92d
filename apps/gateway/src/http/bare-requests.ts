import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { chooseCorrelationId, CORRELATION_HEADER } from './correlation-id.js';
import { answerRaw } from './raw-answer.js';
import { errorOfStatus } from './rest-errors.js';

/** Answers what Node would answer by itself, with a bare status: a request without a Host, and one that expects what nobody knows. */
export function answerBareRequests(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    done(raw.httpVersion === '1.1' && raw.headers.host === undefined ? errorOfStatus(400) : undefined);
  });
  (app.server as Server).on('checkExpectation', ({ socket, headers: given }) =>
    answerRaw(socket, 417, { ...headers, [CORRELATION_HEADER]: chooseCorrelationId(given) }),
  );
}
