export { bootstrap, type ServiceDefinition, startService } from './bootstrap.js';
export { type CommonConfig, commonVariables, CONFIG, ConfigError, defineConfig, port } from './config.js';
export { HealthChecks } from './health.js';
export { createLogger, type Logger, LOGGER } from './logger.js';
export { counter, createMetrics, gauge, histogram } from './metrics.js';
export { CoalescingRunner } from './scheduling/coalescing-runner.js';
export { Every } from './scheduling/every.decorator.js';
export { ServiceKitModule } from './service-kit.module.js';
export { Transports } from './transports.js';
