import { createRequire } from 'node:module';
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

/** What makes spans of its own beside our transports: work outside a request, event or job makes none. */
export function instrumentations() {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url }) => isForOperators(url),
      requireParentforOutgoingSpans: true,
      // Queries carry e-mail addresses and tokens.
      startIncomingSpanHook: () => ({ 'url.query': undefined }),
      startOutgoingSpanHook: ({ path }) => ({ 'url.full': undefined, 'url.path': path?.split('?', 1)[0] }),
    }),
    // One span per request, which knows the route; hooks and handlers are not worth theirs.
    new FastifyOtelInstrumentation({
      registerOnInitialization: true,
      instrumentHooks: false,
      instrumentHandler: false,
      ignorePaths: ({ url }) => isForOperators(url),
    }),
    // A field's work is the call that it makes, which has its own span.
    new GraphQLInstrumentation({ ignoreResolveSpans: true }),
    new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      // By itself it is called by the hash that names the prepared statement.
      requestHook: (span, { query }) => span.updateName(`pg ${firstWord(query.text)}`),
    }),
    // Keys and values belong to users.
    new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
  ];
}

/** Libraries are patched when they are required, not when they are imported; what is imported later is what was patched. */
export function patchLibraries(): void {
  const require = createRequire(import.meta.url);
  for (const library of ['http', 'https', 'graphql', 'pg', 'ioredis']) require(library);
}

const isForOperators = (url = ''): boolean => /^\/(health|metrics)\b/.test(url);

const firstWord = (text: string): string => /\w+/.exec(text)?.[0].toLowerCase() ?? '';
