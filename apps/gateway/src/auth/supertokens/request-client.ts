import type { FastifyRequest } from 'fastify';
import { getRequestFromUserContext } from 'supertokens-node';
import type { Client } from '@fowergram/contracts-user';

/** Where a request comes from: the address as trusted proxies tell it, and what the client calls itself. */
export function clientOf(request: FastifyRequest): Client {
  return { ipAddress: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 500) };
}

/** The request that the SDK is working for; undefined where it works for none. */
export function requestOf(userContext: unknown): FastifyRequest | undefined {
  return getRequestFromUserContext(userContext as never)?.original as FastifyRequest | undefined;
}
