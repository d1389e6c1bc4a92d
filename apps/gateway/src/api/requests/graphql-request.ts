import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@fowergram/contracts-core';
import { PROOF_IS_MISSING, provesPreflight } from '../../http/preflight.rules.js';

/** An operation as it was sent, over POST or GET. */
export interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown> | null;
  operationName: string | null;
}

type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** Reads the operation of a request; the parameters of a GET are those of a body, with JSON for what is no text there. */
export function readGraphqlRequest(request: FastifyRequest, parseJson: ParseJson): GraphqlRequest {
  return request.method === 'POST' ? readBody(request.body) : readBody(readParameters(request, parseJson));
}

/** The parser that Fastify has for bodies, which refuses what would change a prototype. */
export function jsonParser(app: FastifyInstance): ParseJson {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (request, text) => {
    let parsed: unknown;
    void parse(request, text, (error, value: unknown) => {
      if (error) throw new AppError('BAD_USER_INPUT', '`variables` and `extensions` are JSON objects.');
      parsed = value;
    });
    return parsed;
  };
}

function readParameters(request: FastifyRequest, parseJson: ParseJson): Record<string, unknown> {
  if (!provesPreflight(request.headers)) throw new AppError('BAD_USER_INPUT', PROOF_IS_MISSING);
  const parameters = request.query as Record<string, unknown>;
  const json = (name: string) => {
    const text = parameters[name];
    return typeof text === 'string' && text !== '' ? parseJson(request, text) : text || null;
  };
  const { query, operationName } = parameters;
  return {
    query,
    operationName: operationName === '' ? null : operationName,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function readBody(body: unknown): GraphqlRequest {
  const { query, variables, operationName, extensions } = (body ?? {}) as Partial<GraphqlRequest> & {
    extensions?: unknown;
  };
  if (Array.isArray(body)) throw new AppError('BAD_USER_INPUT', 'Send one operation per request.');
  if (extensions != null && (typeof extensions !== 'object' || Array.isArray(extensions)))
    throw new AppError('BAD_USER_INPUT', '`extensions` is a JSON object.');
  // Clients look for this text, and send the operation itself from then on.
  if (query == null && extensions != null && 'persistedQuery' in extensions)
    throw new AppError('BAD_USER_INPUT', 'PersistedQueryNotSupported', { reason: 'PERSISTED_QUERY_NOT_SUPPORTED' });
  if (typeof query !== 'string' || query === '')
    throw new AppError('BAD_USER_INPUT', 'Send a `query`: in a JSON object by POST, or as a parameter of a GET.');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    throw new AppError('BAD_USER_INPUT', '`variables` is a JSON object.');
  if (operationName != null && typeof operationName !== 'string')
    throw new AppError('BAD_USER_INPUT', '`operationName` is a string.');
  return { query, variables: variables ?? null, operationName: operationName ?? null };
}
