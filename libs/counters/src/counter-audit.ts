import { type Database, one, type Tx } from '@fowergram/database';
import { type Counter, nameOf } from './counter.js';

const FIRST_PAGE_SIZE = 200;
const MAX_PAGE_SIZE = 5_000;
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

/** Counts everything again beside the running service, a bounded page of keys at a time, and keeps what it found for the metrics. */
export async function auditCounters({ db, counters, repair = false, onResult }: AuditOptions): Promise<AuditResult[]> {
  const results: AuditResult[] = [];
  for (const counter of counters) {
    const result = await auditCounter(db, counter, repair);
    const left = repair ? { drifted: 0, drift: 0 } : result;
    await db.query(KEEP, [result.counter, result.keys, left.drifted, left.drift]);
    onResult?.(result);
    results.push(result);
  }
  return results;
}

async function auditCounter(db: Database, counter: Counter, repair: boolean): Promise<AuditResult> {
  const result: AuditResult = { counter: nameOf(counter), keys: 0, drifted: 0, drift: 0, examples: [] };
  let [after, size]: [string | null, number] = [counter.after, FIRST_PAGE_SIZE];
  while (after !== null) {
    const startedAt = performance.now();
    const page = await db.transaction((tx) => auditPage(tx, counter, [after, size, repair]));
    result.keys += page.keys;
    result.drifted += page.drifted;
    result.drift += page.drift;
    result.examples = [...result.examples, ...(page.examples ?? [])].slice(0, 5);
    after = page.keys < size ? null : page.last;
    size = nextSize(size, performance.now() - startedAt);
  }
  return result;
}

/** Two repairs at once would both see the same difference, and mend it twice. */
async function auditPage(tx: Tx, counter: Counter, values: unknown[]): Promise<AuditedPage> {
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
