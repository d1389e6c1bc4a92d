import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Registry } from 'prom-client';
import { type CommonConfig, CONFIG } from './config.js';
import { HealthChecks, HealthController } from './health.js';
import { createLogger, LOGGER } from './logger.js';
import { createMetrics } from './metrics.js';
import { Scheduler } from './scheduling/scheduler.js';
import { Transports } from './transports.js';

/** Gives every module of a service its configuration, logger, metrics, health checks and periodic work. */
@Module({})
export class ServiceKitModule {
  static with(service: string, config: CommonConfig): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [HealthController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger(service, config) },
        { provide: Registry, useFactory: () => createMetrics(service) },
        HealthChecks,
        Scheduler,
        Transports,
      ],
      exports: [CONFIG, LOGGER, Registry, HealthChecks, Transports],
    };
  }
}
