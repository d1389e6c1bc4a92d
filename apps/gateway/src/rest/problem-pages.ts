import type { FastifyInstance } from 'fastify';
import { type ErrorCode, errorCatalogue } from '@fowergram/contracts-core';

/** Where the pages of problems are: the type of a problem is the address of its page. */
export const PROBLEM_PAGES = '/api/problems';

/** What each code means, as docs/errors.md has it. */
export const meanings: Record<ErrorCode, string> = {
  UNAUTHENTICATED:
    'The operation needs a session and the request has none. An expired token is answered with HTTP 401 before GraphQL runs: refresh and repeat.',
  FORBIDDEN: 'The session is valid, and this is not allowed.',
  NOT_FOUND:
    'A mutation or subscription names a thing that does not exist, or that the viewer may not see; nobody can distinguish the two. A query answers `null` for both, without an error.',
  BAD_USER_INPUT: 'The input breaks a rule; `path` says which field.',
  CONFLICT:
    'The state of now does not allow it: a name is taken, a picture is not ready, the same Idempotency-Key is in flight.',
  GAP: 'A subscription cannot resume from this cursor: fetch the list again and subscribe from its newest cursor.',
  PAYLOAD_TOO_LARGE: 'The request is larger than what is accepted.',
  RATE_LIMITED: 'Too many requests; see `retryAfterSeconds`.',
  INTERNAL: 'A defect on our side, logged under the correlation id.',
  UNAVAILABLE:
    'A part of the system does not answer in time. A write may or may not have happened: repeat it with the same Idempotency-Key.',
};

/** One page for each code: where the type of a problem leads. */
export async function problemPages(app: FastifyInstance): Promise<void> {
  for (const [code, status] of Object.entries(errorCatalogue)) {
    const page = pageOf(code as ErrorCode, status);
    app.get(`${PROBLEM_PAGES}/${code}`, (_request, reply) =>
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header('cache-control', 'public, max-age=3600')
        .send(page),
    );
  }
}

const pageOf = (code: ErrorCode, status: number): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${code}</title>
<h1>${code}</h1>
<p>HTTP ${status}. ${meanings[code].replace(/`([^`]+)`/g, '<code>$1</code>')}</p>
<p>The member <code>reason</code> of a problem is a finer cause: docs/errors.md lists all of them.</p>
</html>
`;
