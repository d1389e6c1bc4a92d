import { notFound } from '@fowergram/contracts-core';
import { type Database, one, type Tx } from '@fowergram/database';
import { type Counter, nameOf } from './counter.js';

const FIRST_PAGE_SIZE = 200;
const MAX_PAGE_SIZE = 5_000;
const MAX_EXAMPLES = 5;
/** A page that took longer is followed by a smaller one: edges are not spread evenly. */
const PAGE_MS = 250;
/** The edges of one key are counted at once, and a post may have millions. */
const STATEMENT_TIMEOUT_MS = 60_000;

interface AuditedPage {
  last: string | null;
  keys: number;
  drifted: number;
  drift: number;
  examples: string[] | null;
}

/** What the audit of one counter has found. */
export interface AuditResult {
  counter: string;
  keys: number;
  /** How many numbers were wrong, and by how much in all. */
  drifted: number;
  drift: number;
  /** Keys of some of those. */
  examples: string[];
}

export interface AuditOptions {
  db: Database;
  counters: Counter[];
  /** Whether drift is mended, too. */
  repair?: boolean;
  onResult?(result: AuditResult): void;
}

/** How far an audit is; `after` is null where the counter is done. */
export interface AuditProgress extends AuditResult {
  after: string | null;
  /** Of the next page. */
  size: number;
}

/** Counts everything again beside the running service, a bounded page of keys at a time, and keeps what it found for the metrics. */
export async function auditCounters({ onResult, ...options }: AuditOptions): Promise<AuditResult[]> {
  const results: AuditResult[] = [];
  for (let last = await auditNext(options, null); last; last = await auditNext(options, last)) {
    if (last.after !== null) continue;
    const { after: _after, size: _size, ...result } = last;
    onResult?.(result);
    results.push(result);
  }
  return results;
}

/** Counts the next page of keys, of the next counter where one is done; answers null when all are. */
export async function auditNext(
  { db, counters, repair = false }: Omit<AuditOptions, 'onResult'>,
  last: AuditProgress | null,
): Promise<AuditProgress | null> {
  const place = last ? counters.findIndex((known) => nameOf(known) === last.counter) : 0;
  if (place < 0) throw notFound('counter', ['progress', 'counter']);
  const counter = counters[last?.after === null ? place + 1 : place];
  if (!counter) return null;
  const next = await auditPage(db, counter, last?.after === null || !last ? beginOf(counter) : last, repair);
  if (next.after !== null) return next;
  const left = repair ? { drifted: 0, drift: 0 } : next;
  await db.query(KEEP, [next.counter, next.keys, left.drifted, left.drift]);
  return next;
}

const beginOf = (counter: Counter): AuditProgress => ({
  counter: nameOf(counter),
  after: counter.after,
  size: FIRST_PAGE_SIZE,
  keys: 0,
  drifted: 0,
  drift: 0,
  examples: [],
});

async function auditPage(db: Database, counter: Counter, last: AuditProgress, repair: boolean): Promise<AuditProgress> {
  const startedAt = performance.now();
  const page = await db.transaction((tx) => countPage(tx, counter, [last.after, last.size, repair]));
  return {
    counter: last.counter,
    after: page.keys < last.size ? null : page.last,
    size: nextSize(last.size, performance.now() - startedAt),
    keys: last.keys + page.keys,
    drifted: last.drifted + page.drifted,
    drift: last.drift + page.drift,
    examples: [...last.examples, ...(page.examples ?? [])].slice(0, MAX_EXAMPLES),
  };
}

/** Two repairs at once would both see the same difference, and mend it twice. */
async function countPage(tx: Tx, counter: Counter, values: unknown[]): Promise<AuditedPage> {
  await tx.query(`select set_config('statement_timeout', $1, true), pg_advisory_xact_lock(hashtext($2))`, [
    String(STATEMENT_TIMEOUT_MS),
    `audit:${nameOf(counter)}`,
  ]);
  return one(await tx.query<AuditedPage>(counter.audit, values));
}

function nextSize(size: number, tookMs: number): number {
  if (tookMs > PAGE_MS) return Math.max(1, Math.floor(size / 2));
  return tookMs < PAGE_MS / 4 ? Math.min(MAX_PAGE_SIZE, size * 2) : size;
}

const KEEP = `
  insert into counter_audit (counter, audited_at, keys, drifted, drift) values ($1, now(), $2, $3, $4)
  on conflict (counter) do update set
    audited_at = excluded.audited_at, keys = excluded.keys, drifted = excluded.drifted, drift = excluded.drift`;
