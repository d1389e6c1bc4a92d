import { Module } from '@nestjs/common';
import { commonVariables, defineConfig, ServiceKitModule, startService } from '@fowergram/service-kit';
import { createDatabase, type TestDatabase } from '@fowergram/testing';
import { Database, DatabaseModule, databaseVariables } from '../src/index.js';

const config = defineConfig({ ...commonVariables, ...databaseVariables });

@Module({})
class ProbeModule {
  static with(given: ReturnType<typeof config.read>) {
    return { module: ProbeModule, imports: [ServiceKitModule.with('probe', given), DatabaseModule.with(given)] };
  }
}

describe('a service with a database', () => {
  let database: TestDatabase;
  let admin: Database;

  beforeAll(async () => {
    database = await createDatabase('user');
    admin = new Database({ url: database.url, max: 1 });
  });
  afterAll(async () => {
    await admin?.close();
    await database?.drop();
  });

  const start = (variables: NodeJS.ProcessEnv = {}) => {
    const common = { ENVIRONMENT: 'test', LOG_LEVEL: 'silent', OPERATOR_PORT: '0', DATABASE_URL: database.url };
    const given = config.read({ ...common, ...variables });
    return startService({ name: 'probe', readConfig: config.read, module: ProbeModule.with, host: '127.0.0.1' }, given);
  };
  it.each([
    ['on', 1],
    ['off', 0],
  ])('has as many connections as it is given, and names for its statements: %s', async (names, kept) => {
    const app = await start({ DATABASE_POOL_SIZE: '7', DATABASE_NAMED_STATEMENTS: names });
    const db = app.get(Database);
    expect(db.pool.options.max).toBe(7);
    const statements = await db.transaction(async (tx) => {
      await tx.query('select 4711');
      return tx.query("select from pg_prepared_statements where statement = 'select 4711'");
    });
    expect(statements).toHaveLength(kept);
    await app.close();
  });

  it.each(['statement_timeout', 'idle_in_transaction_session_timeout'])(
    'does not start where nothing bounds it: without %s',
    async (name) => {
      const { pathname } = new URL(database.url);
      await admin.query(`alter database ${pathname.slice(1)} set ${name} = 0`);
      await expect(start()).rejects.toThrow(`DATABASE_URL: its role has no ${name}. Run tools/docker/postgres/create`);
      await admin.query(`alter database ${pathname.slice(1)} set ${name} = '5s'`);
      await (await start()).close();
    },
  );
});
