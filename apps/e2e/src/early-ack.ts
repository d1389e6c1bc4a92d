// Loaded into a service by `node --import`, this breaks the first promise on purpose: a transaction is acknowledged a moment
// before it commits. The fault tests must notice, or they prove nothing.
import { Database, type Tx } from '@fowergram/database';

const COMMIT_LATE_MS = 250;

Database.prototype.transaction = async function <T>(this: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await this.pool.connect();
  client.on('error', () => undefined);
  try {
    await client.query('begin');
    const result = await work({
      query: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows,
    } as Tx);
    setTimeout(() => {
      client.query('commit').then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
    }, COMMIT_LATE_MS);
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    client.release();
    throw error;
  }
};
