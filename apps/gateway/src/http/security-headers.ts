import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';

type Headers = Readonly<Record<string, string>>;

/** On every answer. They are constants, since answers that no framework sees (a refused upgrade, a request that is no HTTP) carry them too. */
export const SECURITY_HEADERS: Headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** In production besides: elsewhere the gateway is reached without TLS. */
export const TLS_HEADERS: Headers = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** The headers that every answer of a gateway has. */
export const securityHeaders = ({ ENVIRONMENT }: Pick<Config, 'ENVIRONMENT'>): Headers =>
  ENVIRONMENT === 'production' ? { ...SECURITY_HEADERS, ...TLS_HEADERS } : SECURITY_HEADERS;

/** Puts them on whatever passes the framework, before anything else looks at the request. */
export function addSecurityHeaders(server: FastifyInstance, config: Pick<Config, 'ENVIRONMENT'>): void {
  const headers = securityHeaders(config);
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
