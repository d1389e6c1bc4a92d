import type { Network } from '../../../apps/e2e/src/network.js';
import { query } from '../../stack/postgres.mjs';

export interface TableReads {
  transactions: number;
  /** Sequential scans of tables that are large. */
  scansOfLargeTables: number;
}

const TRANSACTIONS = 'select xact_commit::int as number from pg_stat_database where datname = current_database()';
const SCANS = 'select coalesce(sum(seq_scan), 0)::int as number from pg_stat_user_tables where n_live_tup >= 10000';

/** What the databases of all services have counted of what was read so far. */
export async function tableReads({ databases, stack }: Network): Promise<TableReads> {
  const found: TableReads = { transactions: 0, scansOfLargeTables: 0 };
  for (const address of Object.values(databases)) {
    const url = new URL(stack.postgres.url);
    url.pathname = new URL(address).pathname;
    const numberOf = async (text: string) => (await query(url.href, text, []))[0]!.number as number;
    found.transactions += await numberOf(TRANSACTIONS);
    found.scansOfLargeTables += await numberOf(SCANS);
  }
  return found;
}
