import pg from 'pg';

/** Something that runs statements: the pool, or one open transaction. */
export interface Queryable {
  rows<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

const BIGINT = 20;
const types: pg.CustomTypesConfig = {
  // Times are milliseconds in bigint columns; they fit a number for the next 280,000 years.
  getTypeParser: (oid, format) => (oid === BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text')),
};

const statementNames = new Map<string, string>();

// Every statement text here is written in the source, so the set of prepared statements is small and fixed.
function statementName(text: string): string {
  const known = statementNames.get(text);
  if (known) return known;
  const name = `auth_core_${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

async function run<Row extends pg.QueryResultRow>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const result = await client.query<Row>({ name: statementName(text), text, values });
  return result.rows;
}

const CONNECTIONS = 10;
const ignoreLoss = () => undefined;

export class Database implements Queryable {
  private readonly pool: pg.Pool;

  /** Whoever finds no connection within `waitMs` is refused: an answer that never comes holds up the whole sign-in. */
  constructor(url: string, waitMs = 5000) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: waitMs,
      types,
      application_name: 'auth-core',
    });
    // An idle connection that Postgres closes is replaced at the next query; unheard, the event would end the process.
    this.pool.on('error', ignoreLoss);
  }

  rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return run<Row>(this.pool, text, values);
  }

  /** Inside `work` use only `tx`: taking a second connection while holding one can exhaust the pool. */
  async transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    // While it is lent nobody else listens; the statement that runs fails by itself, the event would end the process.
    client.on('error', ignoreLoss);
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work({ rows: (text, values = []) => run(client, text, values) });
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError));
      throw error;
    } finally {
      client.off('error', ignoreLoss);
      client.release(broken);
    }
  }

  /** Runs several statements in one go, unprepared, in the transaction that `pg` makes of them. */
  async script(text: string): Promise<void> {
    await this.pool.query(text);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

export function isUniqueViolation(error: unknown): boolean {
  return violatedIndex(error) !== undefined;
}

/** The name of the unique index that a statement ran into. */
export function violatedIndex(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23505' ? error.constraint : undefined;
}
