import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GraphQLError } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { AuthModule } from './auth/auth.module.js';
import { Hints } from './realtime/signals.service.js';
import { resolvers, scalars } from './resolvers.js';
import { formatErrors } from './api/errors.js';
import { leanSchema } from './api/schema/strip-default-resolvers.js';
import { Documents, PARSE_OPTIONS } from './api/documents/documents.service.js';
import { Operations } from './api/context/operations.service.js';
import type { RequestContext } from './api/context/request-context.js';

/** Documents compiled at most; only frequent ones get here (api/documents). */
const MAX_COMPILED_DOCUMENTS = 128;

/** Lets typed failures pass to the engine without Nest logging each as a defect. */
@Injectable()
@Catch(AppError)
class PassAppErrors implements ExceptionFilter {
  catch(error: AppError, _host: ArgumentsHost): never {
    throw error;
  }
}

function engineOptions(log: Logger): Omit<MercuriusDriverConfig, 'driver'> {
  return {
    autoSchemaFile: true,
    transformSchema: leanSchema,
    cache: MAX_COMPILED_DOCUMENTS,
    // From the second execution on.
    jit: 1,
    // Routes and sockets are our own: graphql.route.ts and realtime/.
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

/** The GraphQL engine with all resolvers. */
@Module({
  imports: [
    AuthModule,
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      inject: [LOGGER],
      useFactory: engineOptions,
    }),
  ],
  providers: [...resolvers, ...scalars, Hints, Operations, Documents, { provide: APP_FILTER, useClass: PassAppErrors }],
  exports: [GraphQLModule, Operations, Documents],
})
export class ApiModule {}
