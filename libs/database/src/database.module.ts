import { type DynamicModule, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ConfigError, counter, Every, HealthService, type Logger, LOGGER, measuredGauge } from '@fowergram/service-kit';
import { type DatabaseConfig, databaseOptions } from './database.config.js';
import { Database } from './database.js';
import { Replicas } from './replicas/replicas.js';

const LOOK_AT_REPLICAS_MS = 1_000;

/** Of the classes of SQLSTATE: the user or its password is not taken. */
const FORBIDDEN_ERROR = /^28/;

/** What bounds every statement and transaction. A pooler takes no parameters of a start, so the role has them. */
const LIMITS = `
  select name from pg_settings where name in ('statement_timeout', 'idle_in_transaction_session_timeout') and setting = '0'`;

@Injectable()
class DatabaseLife implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly replicas: Replicas,
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
    measuredGauge(
      metrics,
      'database_replica_lag_seconds',
      'For how long reads have not been able to go to a replica, counted from one as in DATABASE_REPLICA_URLS.',
      ['replica'],
      (set) => replicas.lagsMs().forEach((ms, index) => set({ replica: index + 1 }, ms / 1_000)),
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
    await this.lookAtReplicas();
  }

  @Every(LOOK_AT_REPLICAS_MS, 'look at the replicas')
  lookAtReplicas(): Promise<void> {
    return this.replicas.look();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.database.close(), this.replicas.close()]);
  }
}

function replicasOf(config: DatabaseConfig, database: Database, metrics: Registry, log: Logger): Replicas {
  const reads = counter(metrics, 'database_reads_total', 'Reads that a replica may answer, by who has.', ['target']);
  if (config.DATABASE_REPLICA_URLS.length > 0) for (const target of ['replica', 'primary']) reads.inc({ target }, 0);
  return new Replicas(database, {
    urls: config.DATABASE_REPLICA_URLS,
    max: config.DATABASE_POOL_SIZE,
    onRead: (target) => reads.inc({ target }),
    onChange: (replica, absence) => {
      if (absence)
        log.warn({ replica, reason: absence.reason, err: absence.error }, 'a replica of Postgres is left out');
      else log.info({ replica }, 'a replica of Postgres is read from');
    },
  });
}

/** Provides the Database of the service, and reads from its Replicas, to every module of it. */
@Module({})
export class DatabaseModule {
  static with(config: DatabaseConfig): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Database, useFactory: () => new Database(databaseOptions(config)) },
        {
          provide: Replicas,
          inject: [Database, Registry, LOGGER],
          useFactory: (database: Database, metrics: Registry, log: Logger) =>
            replicasOf(config, database, metrics, log),
        },
        DatabaseLife,
      ],
      exports: [Database, Replicas],
    };
  }
}
