import { createHash } from 'node:crypto';
import pg from 'pg';
import { translated } from './unavailable.js';

/** Runs SQL with `$1`-style values and returns the rows. */
export interface Sql {
  query<R = unknown>(text: string, values?: unknown[]): Promise<R[]>;
}

declare const transactional: unique symbol;

/** An open transaction; only Database.transaction makes one, so an effect outside of a transaction does not compile. */
export interface Tx extends Sql {
  readonly [transactional]: true;
}

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  max?: number;
  /** Whether statements get names, by which Postgres keeps them; on unless a pooler does not know them. */
  hasNamedStatements?: boolean;
}

// bigint: counters and versions stay below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** Less than networks leave a connection alone that nothing is sent on. */
const KEEP_ALIVE_MS = 60_000;

/** The pool of one service's own Postgres database; every statement is prepared once per connection. */
export class Database implements Sql {
  readonly pool: pg.Pool;
  /** A statement in the shape of the driver. */
  readonly toQuery: ToQuery;

  constructor({ url, max = 16, hasNamedStatements = true }: DatabaseOptions) {
    this.toQuery = hasNamedStatements ? named : unnamed;
    this.pool = poolOf({ url, max, connectWithinMs: 2_000 });
  }

  /** Runs one statement; throws UNAVAILABLE when Postgres cannot be reached. */
  async query<R>(text: string, values?: unknown[]): Promise<R[]> {
    try {
      return (await this.pool.query(this.toQuery(text, values))).rows as R[];
    } catch (error) {
      throw translated(error);
    }
  }

  /** Commits what `work` did, or nothing of it; throws UNAVAILABLE when Postgres cannot be reached. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw translated(error);
    });
    // An error event between two statements would be uncaught; the next statement reports it.
    const onError = () => undefined;
    client.on('error', onError);
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(transactionOn(client, this.toQuery));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => (broken = rollbackError));
      throw translated(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /** Throws UNAVAILABLE unless Postgres answers. */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** A pool that keeps what it has opened. */
export function poolOf({ url, max, connectWithinMs }: { url: string; max: number; connectWithinMs: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    // None is closed for being idle: a new one plans each statement again, which takes longer than any of them runs.
    min: max,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: connectWithinMs,
  });
  // A connection that the server ends while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

const names = new Map<string, string>();

type ToQuery = (text: string, values?: unknown[]) => pg.QueryConfig;

const unnamed: ToQuery = (text, values) => (values ? { text, values } : { text });

function named(text: string, values?: unknown[]): pg.QueryConfig {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return values ? { name, text, values } : { name, text };
}

const connections = new WeakMap<Tx, pg.PoolClient>();

function transactionOn(client: pg.PoolClient, toQuery: ToQuery): Tx {
  const tx = {
    query: async (text: string, values?: unknown[]) => (await client.query(toQuery(text, values))).rows,
  } as Tx;
  connections.set(tx, client);
  return tx;
}

/** The connection on which `tx` is open. */
export function connectionOf(tx: Tx): pg.PoolClient {
  return connections.get(tx)!;
}
