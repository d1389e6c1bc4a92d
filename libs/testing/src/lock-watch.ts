import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const SAMPLE_MS = 5;

/** What a database was seen waiting for. */
export interface LockWaits {
  /** How long transactions were seen to wait, in milliseconds, by the kind of lock. */
  longest: Record<string, number>;
  deadlocks: number;
  samples: number;
}

/** Looks again and again for transactions of a database that wait for a lock, until it is stopped. */
export async function watchLocks(url: string): Promise<() => Promise<LockWaits>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const found: LockWaits = { longest: {}, deadlocks: 0, samples: 0 };
  const before = await deadlocksOf(client);
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      const { rows } = await client.query<{ kind: string; ms: number }>(WAITING);
      for (const { kind, ms } of rows) found.longest[kind] = Math.max(found.longest[kind] ?? 0, ms);
      found.samples++;
      await pause(SAMPLE_MS);
    }
  })();
  return async () => {
    isOver = true;
    await sampling;
    found.deadlocks = (await deadlocksOf(client)) - before;
    await client.end();
    return found;
  };
}

async function deadlocksOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]!.deadlocks);
}

// Whoever makes a table longer waits for the one who does so at the moment: that is no lock of a transaction.
const WAITING = `
  select locktype as kind, (extract(epoch from clock_timestamp() - waitstart) * 1000)::float8 as ms from pg_locks
  where not granted and waitstart is not null and locktype <> 'extend'
    and pid in (select pid from pg_stat_activity where datname = current_database())`;
