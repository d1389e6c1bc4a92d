import type { Gauge, Registry } from 'prom-client';
import type { Database } from '@fowergram/database';
import { Every, gauge } from '@fowergram/service-kit';
import { type Counter, nameOf } from './counter.js';

const MEASURE_INTERVAL_MS = 60_000;

interface AuditRow {
  counter: string;
  drift: number;
  age: number;
}

/** Shows as metrics what the last audit has found, which ran in a process that is gone by then. */
export class CounterDrift {
  private readonly drift: Gauge<'counter'>;
  private readonly age: Gauge<'counter'>;
  private readonly names: string[];

  constructor(
    private readonly db: Database,
    metrics: Registry,
    counters: Counter[],
  ) {
    this.names = counters.map(nameOf);
    this.drift = gauge(metrics, 'counter_drift', 'By how much stored counters differed in the last audit.', [
      'counter',
    ]);
    this.age = gauge(metrics, 'counter_audit_age_seconds', 'How long ago a counter was audited.', ['counter']);
  }

  /** A counter that was never audited is as old as its first process. */
  @Every(MEASURE_INTERVAL_MS, 'measure the drift of counters')
  async measure(): Promise<void> {
    await this.db.query('insert into counter_audit (counter) select unnest($1::text[]) on conflict do nothing', [
      this.names,
    ]);
    for (const { counter, drift, age } of await this.db.query<AuditRow>(AUDITS, [this.names])) {
      this.drift.set({ counter }, drift);
      this.age.set({ counter }, age);
    }
  }
}

const AUDITS = `
  select counter, drift, extract(epoch from now() - audited_at)::float8 as age from counter_audit where counter = any($1::text[])`;
