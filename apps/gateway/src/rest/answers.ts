import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { errorCatalogue, type ErrorCode, KEY_REUSED_STATUS } from '@fowergram/contracts-core';
import type { FormattedResult } from '../api/errors.js';
import type { Written } from '../api/serve-operation.js';
import type { RestError } from '../http/rest-errors.js';
import { etagOf, isMatch, isNoneMatch } from './etags.rules.js';
import { type ProblemPart, type ProblemSource, pointerTo } from './problem.js';
import { sendProblem } from './send-problem.js';
import type { RestOperation } from './rest-operation.js';
import type { WrittenBody } from './writing/answer-writer.js';
import type { RestRoute } from './rest-route.types.js';

type Shown = Record<string, unknown>;
interface Connection {
  edges: { node: unknown }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The body of an answer, as the OpenAPI document has it; null when there is nothing to show. */
export function bodyOf({ target: { fields, kind } }: RestOperation, { data }: FormattedResult): Shown | null {
  let value: unknown = data;
  for (const field of fields) value = (value as Shown | null | undefined)?.[field] ?? null;
  if (value === null) return null;
  if (kind === 'value') return { [fields.at(-1)!]: value };
  if (kind === 'list') return { items: value };
  // An inline fragment shows nothing of a thing of another kind.
  if (kind === 'one') return Object.keys(value as Shown).length === 0 ? null : (value as Shown);
  const { edges, pageInfo } = value as Connection;
  return { items: edges.map(({ node }) => node), nextCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

const MAX_INCOMPLETE = 10;

/** Answers what was executed: with the body, with 304, or with the problem that kept all of it from being shown. */
export function sendAnswer(
  operation: RestOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  { result, bytes, version }: Written,
): FastifyReply {
  const body = bodyOf(operation, result);
  if (body === null) return refuse(operation, reply, result.errors?.[0]);
  const { created } = operation.route;
  if (result.errors) reply.header('x-incomplete', incompleteParts(result.errors));
  if (created) reply.code(201).header('location', `/api/v1${filled(created, body)}`);
  const { nextCursor, version: counted } = body as { nextCursor?: string | null; version?: unknown };
  const etag = result.errors ? undefined : etagFor(operation, bytes, version?.() ?? counted);
  return sendBody(operation, request, reply, { bytes, nextCursor, etag });
}

/** A body that is ready to be sent, with what its headers say. */
export interface ReadyBody extends Pick<WrittenBody, 'bytes' | 'nextCursor'> {
  /** Undefined where nobody shall keep it. */
  etag: string | undefined;
}

/** The ETag of a whole answer, where a route gives one. */
export const etagFor = ({ route, target }: RestOperation, bytes: Buffer, version: unknown): string | undefined =>
  target.kind === 'one' && !route.isEmpty && (route.method === 'GET' || route.ifMatch)
    ? etagOf(bytes, version)
    : undefined;

/** Answers a body, or 304 to a client that has it. */
export function sendBody(
  { route }: RestOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  { bytes, nextCursor, etag }: ReadyBody,
): FastifyReply {
  if (route.isEmpty) return describe(reply, etag).code(204).send();
  if (nextCursor) linkNext(request, reply, nextCursor);
  if (etag !== undefined && route.method === 'GET') {
    const { 'if-match': wanted, 'if-none-match': held } = request.headers;
    if (wanted !== undefined && !isMatch(wanted, etag))
      return sendProblem(describe(reply, etag), NOT_THIS_ONE, NOT_AS_EXPECTED);
    if (held !== undefined && isNoneMatch(held, etag)) return sendUnchanged(reply, etag);
  }
  return describe(reply, etag).header('content-type', 'application/json; charset=utf-8').send(bytes);
}

/** Answers a client that has what there is. */
export const sendUnchanged = (reply: FastifyReply, etag: string): FastifyReply =>
  describe(reply, etag).code(304).send();

function describe(reply: FastifyReply, etag: string | undefined): FastifyReply {
  const vary = reply.getHeader('vary');
  reply.header('vary', [...(vary ? [vary] : []), 'Accept, Authorization, Cookie'].join(', '));
  return etag === undefined ? reply : reply.header('etag', etag).header('cache-control', 'private, no-cache');
}

const filled = (template: RestRoute['path'], body: Shown): string =>
  template.replace(/\{([\w.]+)\}/g, (_, path: string) => encodeURIComponent(valueAt(body, path)));

const valueAt = (body: Shown, path: string): string =>
  String(path.split('.').reduce<unknown>((value, name) => (value as Shown)[name], body));

/** The fields that are null because their part of the system is away. */
const incompleteParts = (errors: readonly GraphQLFormattedError[]): string =>
  errors
    .slice(0, MAX_INCOMPLETE)
    .map(({ path }) => (path ?? []).join('.'))
    .join(', ');

function linkNext(request: FastifyRequest, reply: FastifyReply, nextCursor: string): void {
  const [path = '', query] = request.url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('after', nextCursor);
  reply.header('link', `<${path}?${parameters.toString()}>; rel="next"`);
}

/** Answers with the problem that kept all of it from being shown; without one there is nothing to show. */
export function refuse(operation: RestOperation, reply: FastifyReply, error?: GraphQLFormattedError): FastifyReply {
  if (!error) return sendProblem(reply, { code: 'NOT_FOUND', message: 'There is nothing here that you may see.' });
  const { code, path, reason, retryAfterSeconds } = error.extensions as unknown as RestError;
  const isOfHeader = reason === 'VERSION' && operation.route.ifMatch !== undefined;
  const part = isOfHeader
    ? { detail: error.message, header: 'If-Match' }
    : path && partAt(operation, path, error.message);
  const parts = part && [part];
  return sendProblem(reply, { code, message: error.message, reason, retryAfterSeconds, parts }, statusOf(code, reason));
}

const NOT_THIS_ONE: ProblemSource & { code: ErrorCode } = {
  code: 'BAD_USER_INPUT',
  message: 'This If-Match names no ETag of what is shown.',
  parts: [{ detail: 'This If-Match names no ETag of what is shown.', header: 'If-Match' }],
};

/** What somebody else has changed meanwhile is no conflict here, but a condition that does not hold. */
export const NOT_AS_EXPECTED = 412;

function statusOf(code: ErrorCode, reason: string | undefined): number {
  if (reason === 'VERSION') return NOT_AS_EXPECTED;
  return reason === 'IDEMPOTENCY_KEY_REUSED' ? KEY_REUSED_STATUS : errorCatalogue[code];
}

/** Where in a request of this route an argument of the operation came from. */
function partAt({ inputs, sources }: RestOperation, path: (string | number)[], detail: string): ProblemPart {
  const [length, name] =
    [2, 1].flatMap((size) => {
      const source = sources.get(path.slice(0, size).join('.'));
      return source === undefined ? [] : [[size, source] as const];
    })[0] ?? ([1, String(path[0])] as const);
  const isInBody = inputs.find((input) => input.name === name)?.place === 'body';
  if (!isInBody) return { detail, parameter: name };
  const inside = path.slice(length);
  return { detail, pointer: pointerTo(name === 'input' ? inside : [name, ...inside]) };
}
