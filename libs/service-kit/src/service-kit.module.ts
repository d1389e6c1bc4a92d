import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { Registry } from 'prom-client';
import { type CommonConfig, CONFIG } from './config.js';
import { createLogger, LOGGER } from './logger.js';
import { createMetrics } from './metrics.js';
import { LogSettings } from './operators/log-settings.service.js';
import { HealthService } from './operators/health.service.js';
import { OperatorServer } from './operators/operator-server.service.js';
import { Scheduler } from './scheduling/scheduler.service.js';
import { Transports } from './transports.service.js';

/** Gives every module of a service its configuration, logger, metrics, health checks and periodic work. */
@Module({})
export class ServiceKitModule {
  static with(service: string, config: CommonConfig): DynamicModule {
    return {
      module: ServiceKitModule,
      global: true,
      // A probe that fails every few seconds is no news for the log: connections and metrics report the outage.
      imports: [DiscoveryModule, TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useFactory: () => createLogger(service, config) },
        { provide: Registry, useFactory: () => createMetrics(service) },
        HealthService,
        LogSettings,
        OperatorServer,
        Scheduler,
        Transports,
      ],
      exports: [CONFIG, LOGGER, Registry, HealthService, LogSettings, Transports],
    };
  }
}
