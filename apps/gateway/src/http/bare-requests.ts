import type { IncomingMessage, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { chooseCorrelationId, CORRELATION_HEADER } from './correlation-id.js';
import { answerRaw } from './raw-answer.js';
import { errorOfStatus, sendError } from './rest-errors.js';

/** Answers what Node would answer by itself or take: a request without a Host, or with two, and one that expects what nobody knows. */
export function answerBareRequests(app: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  app.addHook('onRequest', ({ raw }, reply, done) => {
    if (!isAmbiguous(raw)) return done();
    void sendError(reply, errorOfStatus(400), 400);
  });
  (app.server as Server).on('checkExpectation', ({ socket, headers: given }) =>
    answerRaw(socket, 417, { ...headers, [CORRELATION_HEADER]: chooseCorrelationId(given) }),
  );
}

/** What a proxy in front may have read in another way (RFC 9112): a version without headers, and a host that is missing or stands twice. */
function isAmbiguous({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return httpVersion === '1.1' ? hosts !== 1 : httpVersion !== '1.0' || hosts > 1;
}
