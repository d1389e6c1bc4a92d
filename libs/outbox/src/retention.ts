import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { type Logger, LOGGER, type Periodic, periodically } from '@fowergram/service-kit';

const CLEAN_EVERY_MS = 60_000;
const ROWS_AT_ONCE = 5_000;

const old = (table: string, key: string, time: string, kept: string): string => `
  delete from ${table} where (${key}) in (
    select ${key} from ${table} where ${time} < now() - interval '${kept}' limit ${ROWS_AT_ONCE} for update skip locked
  )
  returning 1 as gone`;

const OLD = [
  old('outbox', 'id', 'published_at', '7 days'),
  old('inbox', 'consumer, event_id', 'received_at', '30 days'),
  old('idempotency_key', 'key', 'created_at', '24 hours'),
];

/** Forgets what no repeat asks for any more: events published 7 days ago, receipts of 30 days, answers of 24 hours. */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private cleaning: Periodic | undefined;
  private stopping = false;

  constructor(
    private readonly db: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.cleaning = periodically({
      name: 'forget old messages and answers',
      everyMs: CLEAN_EVERY_MS,
      log: this.log,
      work: () => this.clean(),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.cleaning?.stop();
  }

  /** Leaves nothing that is old, in short statements: a table that grew while nobody cleaned catches up. */
  async clean(): Promise<void> {
    for (const statement of OLD) while (!this.stopping && (await this.db.query(statement)).length === ROWS_AT_ONCE);
  }
}
