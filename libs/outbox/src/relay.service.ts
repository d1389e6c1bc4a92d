import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/nats-core';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { Database, one, type Tx } from '@fowergram/database';
import { ensureStreams, NATS } from '@fowergram/messaging';
import { CoalescingRunner, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';

const BATCH_SIZE = 256;
const POLL_INTERVAL_MS = 1_000;

interface UnpublishedRow {
  id: string;
  subject: string;
  payload: unknown;
  correlation_id: string | null;
  headers: Record<string, string> | null;
}

/** Publishes whatever is unpublished, whoever wrote it: a row that a killed replica left behind is sent by the next one. */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly client: JetStreamClient;
  private readonly published: Counter<never>;
  private readonly oldest: Gauge<never>;
  private readonly publishing = new CoalescingRunner(
    () => this.publishAll(),
    (error) => this.log.warn({ err: error }, 'outbox not published, will be tried again'),
  );

  constructor(
    private readonly db: Database,
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.client = jetstream(nats, { timeout: 3_000 });
    this.published = counter(metrics, 'outbox_published_total', 'Outbox rows published.', []);
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
    const rows = await tx.query<UnpublishedRow>(
      'select id, subject, payload, correlation_id, headers from outbox where published_at is null order by id limit $1 for update skip locked',
      [BATCH_SIZE],
    );
    if (rows.length === 0) return 0;
    await Promise.all(rows.map((row) => this.publish(row)));
    if (rows.some((row) => isPush(row.subject))) await this.nats.flush();
    await tx.query('update outbox set published_at = now() where id = any($1)', [rows.map((row) => row.id)]);
    this.published.inc(rows.length);
    return rows.length;
  }

  private async publish({ id, subject, payload, correlation_id, headers: stored }: UnpublishedRow): Promise<void> {
    const body = JSON.stringify(payload);
    if (isPush(subject)) return this.nats.publish(subject, body);
    const headers = natsHeaders();
    for (const [name, value] of Object.entries(stored ?? {})) headers.set(name, value);
    if (correlation_id) headers.set('x-correlation-id', correlation_id);
    try {
      await this.client.publish(subject, body, { msgID: id, headers });
    } catch (error) {
      // A broker that lost its disk has no stream: make it, and let the next run publish.
      await ensureStreams(await this.client.jetstreamManager(), this.nats).catch(() => undefined);
      throw error;
    }
  }

  private async measure(): Promise<void> {
    const rows = await this.db.query<{ age: number | null }>(
      'select extract(epoch from now() - min(created_at))::float8 as age from outbox where published_at is null',
    );
    this.oldest.set(one(rows).age ?? 0);
  }
}

const isPush = (subject: string): boolean => subject.startsWith('realtime.');
