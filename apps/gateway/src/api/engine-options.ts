import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GraphQLError } from 'graphql';
import type { Logger } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import type { RequestContext } from './context/request-context.js';
import { PARSE_OPTIONS } from './documents/documents.service.js';
import { formatErrors } from './errors.js';
import { CursorSeal } from './schema/cursor-seal.js';
import { describeSchema } from './schema/describe-schema.js';
import { sealLists } from './schema/sealed-lists.js';
import { stripDefaultResolvers } from './schema/strip-default-resolvers.js';

/** Documents compiled at most; only frequent ones get here (api/documents). */
const MAX_COMPILED_DOCUMENTS = 128;

/** How Mercurius executes what graphql.routes.ts gives to it. */
export function engineOptions(log: Logger, config: Config): Omit<MercuriusDriverConfig, 'driver'> {
  const seal = new CursorSeal(config.CURSOR_KEY);
  return {
    autoSchemaFile: true,
    transformSchema: (schema) => sealLists(stripDefaultResolvers(describeSchema(schema)), seal),
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
