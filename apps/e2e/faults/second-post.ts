import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '@fowergram/testing';
import { startServices } from '../../../tools/stack/services.mjs';
import type { Network } from '../src/network.js';

/** Starts the post service once more, beside the one that runs. */
export async function startSecondPost({ stack, pooled }: Network) {
  const { post } = await startServices({
    stack,
    databases: pooled.databases,
    names: ['post'],
    dataDir: join(stack.dataDir, 'second'),
    env: { ENVIRONMENT: 'test', LOG_LEVEL: 'warn', ...pooled.env },
  });
  return post!;
}

/** Holds what every change of a post waits for, so that whoever publishes it stops with the post in hand. */
export async function holdPost({ databases }: Network, id: string) {
  const client = new pg.Client({ connectionString: databases.post });
  await client.connect();
  await client.query(`select pg_advisory_lock(hashtextextended('post:' || $1, 0))`, [id]);
  return {
    isWaitedFor: () =>
      eventually(async () => expect((await client.query(WAITING)).rowCount).toBeGreaterThan(0), 30_000),
    letGo: () => client.end(),
  };
}

const WAITING = `
  select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
