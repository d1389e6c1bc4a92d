import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { connectionOf, type Database, type Tx } from './database.js';
import { translated } from './unavailable.js';

/** Longer than any statement may take: what bounds a transaction is Postgres (statement_timeout, idle timeout). */
const TRANSACTION_TIMEOUT_MS = 60_000;

/** The connection on which the transaction that Prisma is about to start is open already. */
const opening = new AsyncLocalStorage<pg.PoolClient>();

/** Runs `work` in the transaction `tx`, beside SQL, outbox and idempotency; `tx` commits or rolls back, not this call. */
export type InTransaction<TransactionClient> = <T>(
  tx: Tx,
  work: (prisma: TransactionClient) => Promise<T>,
) => Promise<T>;

type Work = (prisma: unknown) => Promise<unknown>;

/** What is needed here of every generated client, whose own types are generic over its models. */
interface GeneratedClient {
  $transaction(work: Work, options: { timeout: number }): Promise<unknown>;
  $extends(extension: unknown): unknown;
}

/** Makes the Prisma client of a service over the pool of the Database; its calls throw UNAVAILABLE as those of SQL do. */
export function prismaOver<Client extends object>(
  db: Database,
  ClientClass: new (options: { adapter: PrismaPg }) => Client,
): Client {
  const client = new ClientClass({ adapter: new TransactionalPrismaPg(db.pool) }) as Client & GeneratedClient;
  return client.$extends({
    client: {
      in: (tx: Tx, work: Work) =>
        opening.run(connectionOf(tx), () => client.$transaction(work, { timeout: TRANSACTION_TIMEOUT_MS })),
    },
    query: {
      $allOperations: async ({ args, query }: { args: unknown; query: (args: unknown) => Promise<unknown> }) => {
        try {
          return await query(args);
        } catch (error) {
          throw translated(error);
        }
      },
    },
  }) as Client;
}

/** The adapter of Prisma over the pool, which takes up a transaction that is open instead of starting one. */
class TransactionalPrismaPg extends PrismaPg {
  override async connect() {
    const pooled = await super.connect();
    const start = pooled.startTransaction.bind(pooled);
    pooled.startTransaction = (isolation) => {
      const connection = opening.getStore();
      return connection ? joined(connection) : start(isolation);
    };
    return pooled;
  }
}

async function joined(connection: pg.PoolClient) {
  const adapter = await new PrismaPg(asPool(connection)).connect();
  // Database.transaction sends begin, commit and rollback.
  const nothing = () => Promise.resolve();
  return Object.assign(adapter, { options: { usePhantomQuery: true }, commit: nothing, rollback: nothing });
}

/** One connection in the shape of the pool that the adapter expects. */
function asPool(connection: pg.PoolClient): pg.Pool {
  return Object.create(pg.Pool.prototype, {
    query: { value: connection.query.bind(connection) },
    on: { value: () => undefined },
    options: { value: {} },
  }) as pg.Pool;
}
