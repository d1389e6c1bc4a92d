import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionContainer } from 'supertokens-node/recipe/session';
import { z } from 'zod';
import { parseInput } from '@fowergram/contracts-core';
import { SecondFactorCode } from '@fowergram/contracts-user';
import { text } from '../limits/body.rules.js';
import type { SecondFactorProgress } from './second-factor-claim.service.js';
import type { SecondFactorService } from './second-factor.service.js';
import type { SessionVerificationService } from '../sessions/session-verification.service.js';

const WithCode = z.object({ code: SecondFactorCode });
const Enrolment = z.object({ password: text.max(200).optional() });

const ANYBODY: readonly SecondFactorProgress[] = ['off', 'pending', 'enrol', 'done'];
/** Whoever has a second factor must show it before anything about it is changed. */
const WITHOUT_DEBT: readonly SecondFactorProgress[] = ['off', 'enrol', 'done'];
const SIGNED_IN: readonly SecondFactorProgress[] = ['off', 'done'];

/** /auth/second-factor: the one thing beside signing out and refreshing that a half-signed-in session may do. */
export function secondFactorRoutes(factors: SecondFactorService, sessions: SessionVerificationService) {
  return (app: FastifyInstance, _options: unknown, done: () => void): void => {
    // A form of a foreign page can send everything but JSON.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));

    type Work = (session: SessionContainer, request: FastifyRequest) => Promise<unknown>;
    const serve =
      (allowed: readonly SecondFactorProgress[], work: Work) =>
      async (request: FastifyRequest, reply: FastifyReply) => {
        reply.header('cache-control', 'no-store');
        return work(await sessions.forSecondFactor(request, reply, allowed), request);
      };

    app.get(
      '/auth/second-factor',
      serve(ANYBODY, (session) => factors.status(session)),
    );
    app.post(
      '/auth/second-factor/enrol',
      serve(WITHOUT_DEBT, (session, { body }) => factors.enrol(session, parseInput(Enrolment, body ?? {}).password)),
    );
    app.post(
      '/auth/second-factor/confirm',
      serve(WITHOUT_DEBT, (session, request) => factors.confirm(session, codeOf(request), request)),
    );
    app.post(
      '/auth/second-factor/recovery-codes',
      serve(SIGNED_IN, (session, request) => factors.renewRecoveryCodes(session, codeOf(request))),
    );
    app.post(
      '/auth/second-factor/verify',
      serve(ANYBODY, (session, request) => ok(factors.verify(session, codeOf(request), request))),
    );
    app.post(
      '/auth/second-factor/disable',
      serve(SIGNED_IN, (session, request) => ok(factors.disable(session, codeOf(request)))),
    );
    done();
  };
}

const codeOf = ({ body }: FastifyRequest): string => parseInput(WithCode, body).code;

async function ok(work: Promise<void>): Promise<{ status: 'OK' }> {
  await work;
  return { status: 'OK' };
}
