import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@fowergram/contracts-core';
import { unambiguousJson } from '../../http/json-body.js';
import { PROOF_IS_MISSING, provesPreflight } from '../../http/preflight.rules.js';

/** An operation as it was sent, over POST or GET. */
export interface GraphqlRequest {
  /** Null where the operation is named by its documentId alone. */
  query: string | null;
  /** The SHA-256 of the query in hex, or its id in a manifest of documents. */
  documentId: string | null;
  variables: Record<string, unknown> | null;
  operationName: string | null;
}

type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** Reads the operation of a request; the parameters of a GET are those of a body, with JSON for what is no text there. */
export function readGraphqlRequest(request: FastifyRequest, parseJson: ParseJson): GraphqlRequest {
  return request.method === 'POST' ? readBody(request.body) : readBody(readParameters(request, parseJson));
}

/** The parser of bodies, for the parameters of a GET. */
export function jsonParser(app: FastifyInstance): ParseJson {
  const parse = unambiguousJson(app);
  return (request, text) => {
    let parsed: unknown;
    parse(request, text, (error, value) => {
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
  const { query, operationName, documentId } = parameters;
  return {
    query,
    documentId: documentId === '' ? null : documentId,
    operationName: operationName === '' ? null : operationName,
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function readBody(body: unknown): GraphqlRequest {
  const { query, variables, operationName, extensions, documentId } = (body ?? {}) as Partial<GraphqlRequest> & {
    extensions?: unknown;
  };
  if (Array.isArray(body)) throw new AppError('BAD_USER_INPUT', 'Send one operation per request.');
  if (extensions != null && (typeof extensions !== 'object' || Array.isArray(extensions)))
    throw new AppError('BAD_USER_INPUT', '`extensions` is a JSON object.');
  const id = readDocumentId(documentId, extensions as Extensions | null | undefined);
  if (query != null && typeof query !== 'string') throw new AppError('BAD_USER_INPUT', '`query` is a string.');
  if (!query && id === null)
    throw new AppError('BAD_USER_INPUT', 'Send a `query`: in a JSON object by POST, or as a parameter of a GET.');
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables)))
    throw new AppError('BAD_USER_INPUT', '`variables` is a JSON object.');
  if (operationName != null && typeof operationName !== 'string')
    throw new AppError('BAD_USER_INPUT', '`operationName` is a string.');
  return { query: query || null, documentId: id, variables: variables ?? null, operationName: operationName ?? null };
}

type Extensions = { persistedQuery?: unknown };

/**
 * What names a document beside or instead of its text: `documentId` of GraphQL over HTTP, or `extensions.persistedQuery` of Apollo's
 * protocol; null for neither.
 */
export function readDocumentId(documentId: unknown, extensions: Extensions | null | undefined): string | null {
  if (documentId != null) {
    if (typeof documentId !== 'string' || !DOCUMENT_ID.test(documentId))
      throw new AppError('BAD_USER_INPUT', '`documentId` is a text of up to 200 characters without spaces.');
    return documentId.replace(/^sha256:/, '');
  }
  const persisted = extensions?.persistedQuery;
  if (persisted == null) return null;
  const { version, sha256Hash } = persisted as { version?: unknown; sha256Hash?: unknown };
  if (typeof sha256Hash === 'string' && DOCUMENT_ID.test(sha256Hash) && version === 1) return sha256Hash;
  // Clients look for this text, and send the operation itself from then on.
  throw new AppError('BAD_USER_INPUT', 'PersistedQueryNotSupported', { reason: 'PERSISTED_QUERY_NOT_SUPPORTED' });
}

const DOCUMENT_ID = /^[\x21-\x7e]{1,200}$/;
