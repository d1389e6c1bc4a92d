import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { CONFIG, LOGGER } from '@fowergram/service-kit';
import { AccountClosureService } from './accounts/account-closure.service.js';
import { CREATE_LOADERS, OperationsService } from './api/context/operations.service.js';
import { DocumentsService } from './api/documents/documents.service.js';
import { PersistedDocumentsService } from './api/documents/persisted-documents.service.js';
import { engineOptions } from './api/engine-options.js';
import { OperationLog } from './api/records/operation-log.service.js';
import { OperationRecordsService } from './api/records/operation-records.service.js';
import { ActivityModule } from './activity/activity.module.js';
import { AuthModule } from './auth/auth.module.js';
import { AllowedMethodsService } from './http/allowed-methods.service.js';
import { HttpErrorsFilter } from './http/http-errors.filter.js';
import { createLoaders } from './loaders.js';
import { EventLogMetrics } from './realtime/event-log-metrics.service.js';
import { SignalsService } from './realtime/signals.service.js';
import { resolvers, scalars } from './resolvers.js';
import { ProfileCacheInvalidationService } from './users/profile-cache-invalidation.service.js';

/** The GraphQL engine with the resolvers, the loaders and the services of all features. */
@Module({
  imports: [
    ActivityModule,
    AuthModule,
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      inject: [LOGGER, CONFIG],
      useFactory: engineOptions,
    }),
  ],
  providers: [
    ...resolvers,
    ...scalars,
    AccountClosureService,
    AllowedMethodsService,
    DocumentsService,
    EventLogMetrics,
    OperationLog,
    OperationRecordsService,
    OperationsService,
    PersistedDocumentsService,
    ProfileCacheInvalidationService,
    SignalsService,
    { provide: CREATE_LOADERS, useValue: createLoaders },
    { provide: APP_FILTER, useClass: HttpErrorsFilter },
  ],
  exports: [
    AllowedMethodsService,
    DocumentsService,
    GraphQLModule,
    OperationRecordsService,
    OperationsService,
    PersistedDocumentsService,
  ],
})
export class ApiModule {}
