import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GraphQLError } from 'graphql';
import type { Logger } from '@fowergram/service-kit';
import type { RequestContext } from './context/request-context.js';
import { PARSE_OPTIONS } from './documents/documents.service.js';
import { formatErrors } from './errors.js';
import { describeSchema } from './schema/describe-schema.js';
import { stripDefaultResolvers } from './schema/strip-default-resolvers.js';

/** Documents compiled at most; only frequent ones get here (api/documents). */
const MAX_COMPILED_DOCUMENTS = 128;

/** How Mercurius executes what graphql.routes.ts gives to it. */
export function engineOptions(log: Logger): Omit<MercuriusDriverConfig, 'driver'> {
  return {
    autoSchemaFile: true,
    transformSchema: (schema) => stripDefaultResolvers(describeSchema(schema)),
    cache: MAX_COMPILED_DOCUMENTS,
    // From the second execution on.
    jit: 1,
    // Routes and sockets are our own: graphql.routes.ts and sockets/.
    routes: false,
    subscription: false,
    graphql: { parseOptions: PARSE_OPTIONS },
    errorFormatter: (execution, context) => ({
      statusCode: 200,
      response: {
        data: execution.data ?? null,
        errors: formatErrors(execution.errors as GraphQLError[], {
          log,
          correlationId: (context as unknown as RequestContext).headers.correlationId,
        }) as GraphQLError[],
      },
    }),
  };
}
