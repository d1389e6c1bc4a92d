import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { Database, one, type Tx } from '@fowergram/database';
import { kindOfSubject, type StoredMessage, StoredMessages } from '@fowergram/messaging';
import { CoalescingRunner, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';

const BATCH_SIZE = 256;
const POLL_INTERVAL_MS = 1_000;

/** Publishes whatever is unpublished, whoever wrote it: a row that a killed replica left behind is sent by the next one. */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly published: Counter<'subject'>;
  private readonly oldest: Gauge<never>;
  private readonly publishing = new CoalescingRunner(
    () => this.publishAll(),
    (error) => this.log.warn({ err: error }, 'outbox not published, will be tried again'),
  );

  constructor(
    private readonly db: Database,
    private readonly messages: StoredMessages,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.published = counter(metrics, 'outbox_published_total', 'Outbox rows published, by the subject of the event.', [
      'subject',
    ]);
    this.oldest = gauge(
      metrics,
      'outbox_oldest_unpublished_seconds',
      'Age of the oldest outbox row that is not published.',
    );
  }

  onApplicationBootstrap(): void {
    this.trigger();
  }

  /** The entry points are closed by now, so this sends the last rows of this replica. */
  async beforeApplicationShutdown(): Promise<void> {
    this.trigger();
    await this.idle();
    await this.publishing.stop();
  }

  /** Publishes soon; calls while a run is under way make one further run. */
  trigger(): void {
    this.publishing.trigger();
  }

  @Every(POLL_INTERVAL_MS, 'publish the outbox')
  async poll(): Promise<void> {
    this.trigger();
    await this.measure();
  }

  /** Resolves when nothing is being published and nothing was asked for meanwhile. */
  idle(): Promise<void> {
    return this.publishing.idle();
  }

  private async publishAll(): Promise<void> {
    while ((await this.db.transaction((tx) => this.publishBatch(tx))) === BATCH_SIZE);
  }

  private async publishBatch(tx: Tx): Promise<number> {
    const rows = await tx.query<StoredMessage>(
      'select id, subject, payload, correlation_id as "correlationId", headers from outbox where published_at is null order by id limit $1 for update skip locked',
      [BATCH_SIZE],
    );
    if (rows.length === 0) return 0;
    await this.messages.publish(rows);
    await tx.query('update outbox set published_at = now() where id = any($1)', [rows.map((row) => row.id)]);
    for (const { subject } of rows) this.published.inc({ subject: kindOfSubject(subject) });
    return rows.length;
  }

  private async measure(): Promise<void> {
    const rows = await this.db.query<{ age: number | null }>(
      'select extract(epoch from now() - min(created_at))::float8 as age from outbox where published_at is null',
    );
    this.oldest.set(one(rows).age ?? 0);
  }
}
