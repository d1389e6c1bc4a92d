import { type DynamicModule, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConfigError, HealthService, measuredGauge } from '@fowergram/service-kit';
import { type DatabaseConfig, databaseOptions } from './database.config.js';
import { Database } from './database.js';

/** Of the classes of SQLSTATE: the user or its password is not taken. */
const FORBIDDEN_ERROR = /^28/;

/** What bounds every statement and transaction. A pooler takes no parameters of a start, so the role has them. */
const LIMITS = `
  select name from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout') and setting = '0'`;

@Injectable()
class DatabaseLife implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    health: HealthService,
    metrics: Registry,
  ) {
    health.add('postgres', () => database.ping());
    measuredGauge(metrics, 'database_connections', 'Connections of the pool, by state.', ['state'], (set) => {
      const { totalCount, idleCount } = database.pool;
      set({ state: 'idle' }, idleCount);
      set({ state: 'busy' }, totalCount - idleCount);
    });
    measuredGauge(metrics, 'database_waiting', 'Callers that wait for a connection.', [], (set) =>
      set({}, database.pool.waitingCount),
    );
  }

  /** A database that is away may come yet; one that does not take the password, or bounds no statement, is not waited for. */
  async onModuleInit(): Promise<void> {
    const unbounded = await this.database.pool.query<{ name: string }>(LIMITS).then(
      ({ rows }) => rows.map(({ name }) => name),
      (error: { code?: unknown }) => {
        if (FORBIDDEN_ERROR.test(String(error.code)))
          throw new ConfigError('DATABASE_URL: Postgres does not take this user and password.');
        return [];
      },
    );
    if (unbounded.length > 0)
      throw new ConfigError(
        `DATABASE_URL: its role has no ${unbounded.join(' and no ')}. Run tools/docker/postgres/create-databases.sh again.`,
      );
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

/** Provides the Database of the service to every module of it. */
@Module({})
export class DatabaseModule {
  static with(config: DatabaseConfig): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: Database, useFactory: () => new Database(databaseOptions(config)) }, DatabaseLife],
      exports: [Database],
    };
  }
}
