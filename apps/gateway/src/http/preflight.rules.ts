import type { IncomingHttpHeaders } from 'node:http';

/** A browser asks (CORS) before it sends one of them for a foreign page, and sends none of them by itself. */
const PROOFS = ['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight', 'rid'];

/** Says in the error what is missing. */
export const PROOF_IS_MISSING =
  'A GET needs an access token (Authorization: Bearer …) or one of the headers apollo-require-preflight, x-apollo-operation-name, graphql-require-preflight and rid, with any value: no foreign page can send them.';

/** True when no foreign page can have made a browser send this: it would have asked before, and been refused. */
export function provesPreflight(headers: IncomingHttpHeaders): boolean {
  // Of Authorization only this scheme: a browser keeps credentials of Basic, and sends them with whatever a page asks for.
  if (/^bearer /i.test(headers.authorization ?? '')) return true;
  if (PROOFS.some((name) => headers[name] !== undefined)) return true;
  return /^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '');
}
