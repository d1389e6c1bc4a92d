import type { FastifyInstance } from 'fastify';
import { AppError, badInput } from '@fowergram/contracts-core';
import { unambiguousJson } from '../../http/json-body.js';
import { provesPreflight } from '../../http/preflight.rules.js';
import { isForeignOrigin, isOwnOrigin, type OwnOrigins } from '../sessions/origins.rules.js';

const APPLE_CALLBACK = /^\/auth\/(public\/)?callback\/apple\/?(\?|$)/;
const SESSION_COOKIE = /(?:^|;\s*)s(?:Access|Refresh)Token=/;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads what the SDK wants read before it comes to work. A form is taken from Apple alone: a browser sends forms to other sites
 * without asking them, and so must find no other entry point here.
 */
export function prepareRequests(app: FastifyInstance, ownOrigins: OwnOrigins): void {
  // What a foreign page sends would be answered with cookies, be they only those that sign the visitor out.
  app.addHook('onRequest', async ({ method, url, headers }) => {
    if (method !== 'GET' && !APPLE_CALLBACK.test(url) && isForeignOrigin(headers.origin, ownOrigins))
      throw new AppError('FORBIDDEN', 'This origin may not sign anybody in or out.');
  });
  // The SDK would answer a cookie without the header `rid` with a 401, to a refresh even with cookies that sign out.
  app.addHook('onRequest', async ({ method, url, headers }) => {
    if (method === 'GET' || APPLE_CALLBACK.test(url) || !SESSION_COOKIE.test(headers.cookie ?? '')) return;
    const isProved =
      provesPreflight(headers) || (headers.origin !== undefined && isOwnOrigin(headers.origin, ownOrigins));
    if (!isProved)
      throw new AppError(
        'FORBIDDEN',
        'The cookies of a session count with the header rid, whatever its value: it proves that no foreign page made this request.',
      );
    headers.rid ??= 'anti-csrf';
  });
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, unambiguousJson(app));
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (request, body, done) => {
    if (APPLE_CALLBACK.test(request.url)) return done(null, Object.fromEntries(new URLSearchParams(body as string)));
    done(Object.assign(new AppError('BAD_USER_INPUT', 'Please send JSON.'), { statusCode: 415 }));
  });
  app.addHook('preHandler', async (request) => {
    const body = request.body as { shouldTryLinkingWithSessionUser?: unknown } | null | undefined;
    // The SDK would answer this with a 500.
    if (body?.shouldTryLinkingWithSessionUser === true)
      throw badInput(['shouldTryLinkingWithSessionUser'], 'An account has one way to sign in.');
  });
}
