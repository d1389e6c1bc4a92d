import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CDI_VERSION } from './about.js';
import { badInput, CoreError } from './core-error.js';
import { isJsonObject, type JsonObject } from './input.js';

const methods = ['GET', 'POST', 'PUT', 'DELETE'];
// The key list is fetched by libraries that know no key, the greeting by health checks.
const openPaths = new Set(['/', '/hello', '/.well-known/jwks.json']);

type Hook = (request: FastifyRequest) => Promise<void>;

const digest = (key: string) => createHash('sha256').update(key).digest();

/** An app may have keys of its own; the others have those of the server. */
export function checkApiKey(apiKeys: string[], ownKeysOf: (request: FastifyRequest) => string[] | undefined): Hook {
  const common = apiKeys.map(digest);
  return async (request) => {
    const accepted = ownKeysOf(request)?.map(digest) ?? common;
    if (accepted.length === 0 || openPaths.has(request.routeOptions.url ?? '')) return;
    const header = request.headers['api-key'] ?? request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
    const given = digest(header.toString().trim());
    if (!accepted.some((key) => timingSafeEqual(key, given))) throw new CoreError(401, 'Invalid API key');
  };
}

export const checkVersion: Hook = async (request) => {
  const version = request.headers['cdi-version'];
  if (version !== undefined && version !== CDI_VERSION)
    throw badInput(`cdi-version ${version.toString()} not supported`);
};

/** Every body is JSON whatever its type says. */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => {
    try {
      return JSON.parse(body) as unknown;
    } catch {
      throw badInput('Invalid Json Input');
    }
  });
}

/** Writers send an object, were it an empty one; nobody else's body is looked at. */
export function readFields(request: FastifyRequest): JsonObject {
  if (isJsonObject(request.body)) return request.body;
  if (request.method === 'POST' || request.method === 'PUT') throw badInput('Invalid Json Input');
  return {};
}

/** Errors are one line of text: the SDK repeats it inside its own message. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error, request, reply) => {
    if (error instanceof CoreError) return sendText(reply, error.statusCode, error.message);
    const statusCode = Number(Reflect.get(error as object, 'statusCode') ?? 500);
    if (statusCode < 500) return sendText(reply, statusCode, (error as Error).message);
    request.log.error({ err: error, method: request.method, path: request.routeOptions.url }, 'request failed');
    return sendText(reply, 500, 'Internal Error');
  });
  server.setNotFoundHandler((request, reply) => {
    const url = request.url.split('?')[0]!.toLowerCase();
    const isKnown = methods.some((method) => server.hasRoute({ method: method as 'GET', url }));
    return isKnown ? sendText(reply, 405, 'Method not supported') : sendText(reply, 404, 'Not found');
  });
}

function sendText(reply: FastifyReply, statusCode: number, text: string) {
  return reply.status(statusCode).type('text/html; charset=UTF-8').send(`${text}\n`);
}
