import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GraphQLError } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { AuthModule } from './auth/auth.module.js';
import { CONFIG, type Config } from './config.js';
import { Hints } from './realtime/signals.service.js';
import { resolvers, scalars } from './resolvers.js';
import { formatErrors } from './api/errors.js';
import { leanSchema } from './api/schema/strip-default-resolvers.js';
import { checkCost } from './api/limits/cost.js';
import { limitRules, parseOptions } from './api/limits/limits.js';
import { Operations } from './api/context/operations.service.js';
import type { RequestContext } from './api/context/request-context.js';

/** A query is compiled when it has come this often: compiling costs milliseconds, and a query of one day costs nothing. */
const COMPILE_AFTER = 2;

/** Lets typed failures pass to the engine without Nest logging each as a defect. */
@Injectable()
@Catch(AppError)
class PassAppErrors implements ExceptionFilter {
  catch(error: AppError, _host: ArgumentsHost): never {
    throw error;
  }
}

function engineOptions(config: Config, log: Logger): Omit<MercuriusDriverConfig, 'driver'> {
  return {
    autoSchemaFile: true,
    transformSchema: leanSchema,
    jit: COMPILE_AFTER,
    // Routes and sockets are our own: graphql.route.ts and realtime/.
    routes: false,
    subscription: false,
    graphql: { parseOptions },
    hooks: { preExecution: async (schema, document, _context, variables) => checkCost(schema, document, variables) },
    validationRules: limitRules({ introspection: config.ENVIRONMENT !== 'production' }),
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
      inject: [CONFIG, LOGGER],
      useFactory: engineOptions,
    }),
  ],
  providers: [...resolvers, ...scalars, Hints, Operations, { provide: APP_FILTER, useClass: PassAppErrors }],
  exports: [GraphQLModule, Operations],
})
export class ApiModule {}
