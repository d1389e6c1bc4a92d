import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CONFIG, type Logger, LOGGER } from '@fowergram/service-kit';
import { RedisClient, type RedisConnection } from './redis.client.js';

/** Gives the module that imports it a RedisClient of its own. */
@Module({})
export class RedisModule {
  static with(connection: RedisConnection): DynamicModule {
    const redis = {
      provide: RedisClient,
      inject: [CONFIG, LOGGER, Registry],
      useFactory: (config: { REDIS_URL: string }, log: Logger, metrics: Registry) =>
        new RedisClient(config.REDIS_URL, connection, log, metrics),
    };
    return { module: RedisModule, providers: [redis], exports: [RedisClient] };
  }
}
