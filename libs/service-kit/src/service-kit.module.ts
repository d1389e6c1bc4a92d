import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { CommonConfig } from './config.js';
import { HealthChecks, HealthController } from './health.js';
import { createLogger, LOGGER } from './logger.js';
import { createMetrics } from './metrics.js';

/** Gives every module of a service its logger, metrics and health checks. */
@Module({})
export class ServiceKitModule {
  static with(service: string, config: CommonConfig): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: LOGGER, useFactory: () => createLogger(service, config) },
        { provide: Registry, useFactory: () => createMetrics(service) },
        HealthChecks,
      ],
      exports: [LOGGER, Registry, HealthChecks],
    };
  }
}
