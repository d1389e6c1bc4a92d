import pg from 'pg';
import { Database } from '@fowergram/database';
import { connected, explain } from './explain.js';
import { pretendLargeTables } from './large-tables.js';
import type { Plan } from './plan.js';
import { unboundedPages } from './unbounded-pages.js';

/** Reads a table as a whole, for a condition, a join or an order, only where it cannot be helped: each row that is read costs much. */
const BY_INDEXES = [
  'enable_seqscan = off',
  'enable_hashjoin = off',
  'enable_mergejoin = off',
  'enable_material = off',
  'cpu_index_tuple_cost = 10',
];

/** What a page of rows of which there seem to be few would be read and sorted by. */
const IN_ORDER = ['enable_bitmapscan', 'enable_sort'];

const SCANS = ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Index Scan'];

/** What hands on each row that it is given, and asks for no more of them than it is asked for. */
const HANDS_ON = ['LockRows', 'Subquery Scan', 'Result'];

/** Asks one migrated database which tables a statement reads as a whole because no index helps it. */
export class WholeReads {
  private constructor(
    private readonly db: Database,
    private readonly client: pg.PoolClient,
  ) {}

  /** From here on, nothing can be done with the database but to ask for plans. */
  static async open(url: string): Promise<WholeReads> {
    const db = new Database({ url, max: 1 });
    const client = await connected(db, BY_INDEXES);
    await pretendLargeTables(client);
    return new WholeReads(db, client);
  }

  async close(): Promise<void> {
    this.client.release();
    await this.db.close();
  }

  /** The tables and indexes that a statement reads as a whole. */
  async of(text: string): Promise<string[]> {
    return wholeReads((await explain(this.client, text)).plan);
  }

  /** The indexes of which a page may read any number of rows that it does not show, where it reads them in its order. */
  async unboundedPagesOf(text: string): Promise<string[]> {
    for (const setting of IN_ORDER) await this.client.query(`set ${setting} = off`);
    const found = unboundedPages((await explain(this.client, text)).plan);
    for (const setting of IN_ORDER) await this.client.query(`reset ${setting}`);
    return found;
  }
}

/** An index that is read in its order up to a limit, with nothing left out on the way, is bounded by the limit. */
function wholeReads(plan: Plan, isLimited = false): string[] {
  const type = plan['Node Type'];
  const own = SCANS.includes(type) && !isBounded(plan, isLimited) ? [nameOf(plan)] : [];
  const limits = type === 'Limit' || (isLimited && HANDS_ON.includes(type) && plan.Filter === undefined);
  return [...own, ...(plan.Plans ?? []).flatMap((part) => wholeReads(part, limits))];
}

function isBounded(scan: Plan, isLimited: boolean): boolean {
  if (scan['Node Type'] === 'Seq Scan') return false;
  return scan['Index Cond'] !== undefined || (isLimited && scan.Filter === undefined);
}

const nameOf = (scan: Plan): string => scan['Index Name'] ?? scan['Relation Name']!;
