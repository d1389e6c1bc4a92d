import { Inject, Injectable } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Gauge, Registry } from 'prom-client';
import { Every, gauge } from '@fowergram/service-kit';
import { NATS } from '../nats.token.js';
import { EVENT_STREAM } from '../subjects.js';
import { JetStreamStrategy } from './jetstream.strategy.js';

const MEASURE_INTERVAL_MS = 10_000;
const TIMEOUT_MS = 2_000;

/** Shows how many events wait for this service at the broker. */
@Injectable()
export class ConsumerMetrics {
  private readonly pending: Gauge<'subject'>;
  private readonly unacknowledged: Gauge<'subject'>;
  private manager: Promise<JetStreamManager> | undefined;

  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    private readonly events: JetStreamStrategy,
    metrics: Registry,
  ) {
    this.pending = gauge(metrics, 'event_pending', 'Events that were not delivered yet.', ['subject']);
    this.unacknowledged = gauge(
      metrics,
      'event_unacknowledged',
      'Events that were delivered and have no outcome yet.',
      ['subject'],
    );
  }

  /** While the broker is away the last figures stand; nothing is delivered then, and the outbox says how long. */
  @Every(MEASURE_INTERVAL_MS, 'measure consumers')
  async measure(): Promise<void> {
    this.manager ??= jetstreamManager(this.nats, { checkAPI: false, timeout: TIMEOUT_MS });
    const { consumers } = await this.manager;
    for (const [subject, name] of this.events.consumers()) {
      const info = await consumers.info(EVENT_STREAM.name, name).catch(() => undefined);
      if (!info) return;
      this.pending.set({ subject }, info.num_pending);
      this.unacknowledged.set({ subject }, info.num_ack_pending);
    }
  }
}
