import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { AppError } from '@fowergram/contracts-core';

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream';
const GRAPHQL_TYPE = 'application/graphql-response+json';
/** Some clients name the encoding, too; UTF-8 is the only one of JSON. */
const OFFERED = [JSON_TYPE, GRAPHQL_TYPE].flatMap((type) => [type, `${type}; charset=utf-8`]);

/** The media type of an answer to an operation. */
export type ResponseType = typeof JSON_TYPE | typeof GRAPHQL_TYPE;

/** What the headers of clients come to, which are few: reading one with its q-values takes longer than all other headers. */
const known = new LRUCache<string, { type: ResponseType | undefined }>({ max: 100 });
const MAX_KNOWN_LENGTH = 200;

/** The media type that a client would rather have, by its Accept with q-values; undefined when it takes none of ours. */
export function responseTypeOf(request: FastifyRequest): ResponseType | undefined {
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*') return JSON_TYPE;
  const before = known.get(accept);
  if (before) return before.type;
  const [wished] = [request.accepts().types(OFFERED)].flat();
  const type = wished ? (wished.split(';', 1)[0] as ResponseType) : undefined;
  if (accept.length <= MAX_KNOWN_LENGTH) known.set(accept, { type });
  return type;
}

/** Throws where nothing that we answer would be read, before anything is executed. */
export function requireReadable(request: FastifyRequest): void {
  if (responseTypeOf(request) !== undefined) return;
  const message = `An answer is ${JSON_TYPE} or ${GRAPHQL_TYPE}, and the header Accept takes neither.`;
  throw Object.assign(new AppError('BAD_USER_INPUT', message), { statusCode: 406 });
}

/** Throws where an event stream would not be read. */
export function requireStreamReadable(request: FastifyRequest): void {
  const { accept } = request.headers;
  if (accept === undefined || request.accepts().type(STREAM_TYPE) !== false) return;
  const message = `An answer is ${STREAM_TYPE}, and the header Accept does not take it.`;
  throw Object.assign(new AppError('BAD_USER_INPUT', message), { statusCode: 406 });
}

/** True for a client that asks for plain JSON by name: as GraphQL over HTTP has it, it reads what is wrong with a document from a 200. */
export const readsErrorsFromOk = (request: FastifyRequest): boolean =>
  request.headers.accept?.includes(JSON_TYPE) === true && responseTypeOf(request) === JSON_TYPE;
