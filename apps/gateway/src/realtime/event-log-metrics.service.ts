import { Injectable } from '@nestjs/common';
import { type Gauge, Registry } from 'prom-client';
import { EventLog } from '@fowergram/messaging';
import { Every, gauge } from '@fowergram/service-kit';

const MEASURE_INTERVAL_MS = 10_000;

/** Shows how much the log of events holds at the broker. */
@Injectable()
export class EventLogMetrics {
  private readonly events: Gauge<never>;
  private readonly bytes: Gauge<never>;

  constructor(
    private readonly log: EventLog,
    metrics: Registry,
  ) {
    this.events = gauge(metrics, 'event_log_events', 'Events that the broker keeps.');
    this.bytes = gauge(metrics, 'event_log_bytes', 'Size of the events that the broker keeps.');
  }

  /** While the broker is away the last figures stand. */
  @Every(MEASURE_INTERVAL_MS, 'measure the log of events')
  async measure(): Promise<void> {
    const size = await this.log.size().catch(() => undefined);
    if (!size) return;
    this.events.set(size.events);
    this.bytes.set(size.bytes);
  }
}
