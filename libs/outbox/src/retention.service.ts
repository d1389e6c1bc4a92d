import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';

const PURGE_INTERVAL_MS = 60_000;
const BATCH_SIZE = 5_000;

// The place of a row is the one key that all of these tables have.
const old = (table: string, time: string, maxAge: string): string => `
  delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${time} < now() - interval '${maxAge}' limit ${BATCH_SIZE} for update skip locked
  ))
  returning 1 as gone`;

const OLD = [
  old('outbox', 'published_at', '7 days'),
  old('inbox', 'received_at', '30 days'),
  old('idempotency_key', 'created_at', '24 hours'),
];

/** Purges what no repeat asks for any more: events published 7 days ago, receipts of 30 days, answers of 24 hours. */
@Injectable()
export class Retention {
  constructor(private readonly db: Database) {}

  /** Leaves nothing that is old, in short statements: a table that grew while nobody purged it catches up. */
  @Every(PURGE_INTERVAL_MS, 'purge old messages and answers')
  async purge(signal?: AbortSignal): Promise<void> {
    for (const statement of OLD) while (!signal?.aborted && (await this.db.query(statement)).length === BATCH_SIZE);
  }
}
