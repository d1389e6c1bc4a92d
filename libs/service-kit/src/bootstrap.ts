import 'reflect-metadata';
import type { Server } from 'node:http';
import { type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { Registry } from 'prom-client';
import { type CommonConfig, ConfigError } from './config.js';
import { createLogger, LOGGER, type Logger, nestLogger } from './logger.js';
import { histogram } from './metrics.js';
import { HealthService } from './operators/health.service.js';
import { OperatorServer } from './operators/operator-server.service.js';
import { startTracing } from './tracing/tracing.js';
import { Transports } from './transports.service.js';

/** Less than the 30 seconds of Kubernetes, of which the first five are over before the signal comes. */
const STOP_WITHIN_MS = 20_000;

export interface ServiceDefinition<C extends CommonConfig> {
  name: string;
  readConfig: (env: NodeJS.ProcessEnv) => C;
  module: (config: C) => DynamicModule;
  /** What only this service needs of the HTTP server; runs before its routes exist. */
  configure?: (app: NestFastifyApplication, config: C) => Promise<void>;
  /** What it does while it still answers and is not ready any more; it stops when this is done. */
  leave?: (app: NestFastifyApplication) => Promise<void>;
  host?: string;
  /** How its HTTP server meets clients; only a service with a PORT has any. */
  serverOptions?: (config: C) => FastifyHttpOptions<Server>;
}

/** Makes and starts a service on its ports; the caller closes it. A start that fails leaves nothing open. */
export async function startService<C extends CommonConfig>(
  definition: ServiceDefinition<C>,
  config: C,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(definition.serverOptions?.(config));
  const app = await NestFactory.create<NestFastifyApplication>(definition.module(config), adapter, {
    logger: nestLogger(createLogger(definition.name, config)),
    abortOnError: false,
  });
  try {
    if (config.PORT !== undefined) measureHttp(app);
    await definition.configure?.(app, config);
    await app.init();
    await listenToTransports(app);
    const host = definition.host ?? '0.0.0.0';
    if (config.PORT !== undefined) await app.listen(config.PORT, host);
    // The last: whoever is answered "ready" here may call the service.
    await app.get(OperatorServer).listen(config.OPERATOR_PORT, host);
    return app;
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

/** A service is a hybrid application: guards, pipes, interceptors and filters of the whole service apply on every transport. */
async function listenToTransports(app: NestFastifyApplication): Promise<void> {
  for (const strategy of app.get(Transports).all()) app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
}

/** Stops a service: it is not ready from now on, takes its leave, and closes what it listens on and its stores last. */
export async function stopService<C extends CommonConfig>(
  { leave }: Pick<ServiceDefinition<C>, 'leave'>,
  app: NestFastifyApplication,
): Promise<void> {
  app.get(HealthService).leave();
  await leave?.(app);
  await app.close();
}

/** The whole of a service's main.ts: reads the configuration, starts, and drains on SIGTERM or SIGINT. */
export async function bootstrap<C extends CommonConfig>(
  name: string,
  load: () => Promise<{ service: ServiceDefinition<C> }>,
): Promise<void> {
  const startedAt = performance.now();
  const stopTracing = await startTracing(name, process.env);
  const { service: definition } = await load();
  const config = readOrExit(definition);
  const log = createLogger(definition.name, config);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  const app = await startService(definition, config).catch((error: unknown) => {
    if (error instanceof ConfigError) exitForConfiguration(definition.name, error);
    log.fatal({ err: error }, 'could not start');
    process.exit(1);
  });
  const stop = async (signal: string) => {
    log.info({ signal }, 'draining');
    setTimeout(() => exitLate(log), STOP_WITHIN_MS);
    await stopService(definition, app);
    await stopTracing();
    process.exit(0);
  };
  process.once('SIGTERM', (signal) => void stop(signal));
  process.once('SIGINT', (signal) => void stop(signal));
  app
    .get<Logger>(LOGGER)
    .info(
      { port: config.PORT, operatorPort: config.OPERATOR_PORT, ms: Math.round(performance.now() - startedAt) },
      'ready',
    );
}

function readOrExit<C extends CommonConfig>(definition: ServiceDefinition<C>): C {
  try {
    return definition.readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    exitForConfiguration(definition.name, error);
  }
}

/** Says what to mend, with the status by which a supervisor knows that starting again does not help. */
function exitForConfiguration(name: string, { message }: ConfigError): never {
  process.stderr.write(`${name}: ${message}\n`);
  process.exit(78);
}

/** A store that does not answer holds up whoever wants to close it: ended here, it is in the log, which SIGKILL would not be. */
function exitLate(log: Logger): never {
  log.error({ ms: STOP_WITHIN_MS }, 'not stopped in time, ends with work under way');
  process.exit(1);
}

function measureHttp(app: NestFastifyApplication): void {
  const duration = histogram(
    app.get(Registry),
    'http_request_duration_seconds',
    'HTTP requests, by route and status.',
    ['method', 'route', 'status'],
  );
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      duration.observe(
        { method: request.method, route: request.routeOptions.url ?? 'unmatched', status: reply.statusCode },
        reply.elapsedTime / 1_000,
      );
      done();
    });
}
