import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { CommonConfig } from './config.js';
import { HealthChecks, HealthController } from './health.js';
import { createLogger, LOGGER } from './logger.js';
import { createMetrics } from './metrics.js';
import { Scheduler } from './scheduling/scheduler.js';
import { Transports } from './transports.js';

/** Gives every module of a service its logger, metrics, health checks and periodic work. */
@Module({})
export class ServiceKitModule {
  static with(service: string, config: CommonConfig): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [HealthController],
      providers: [
        { provide: LOGGER, useFactory: () => createLogger(service, config) },
        { provide: Registry, useFactory: () => createMetrics(service) },
        HealthChecks,
        Scheduler,
        Transports,
      ],
      exports: [LOGGER, Registry, HealthChecks, Transports],
    };
  }
}
