import { auditCounters, type AuditResult } from '@fowergram/counters';
import { Database } from '@fowergram/database';
import { COUNTERS as ofPost } from '../../post/src/counters/counters.registry.js';
import { COUNTERS as ofUser } from '../../user/src/counters/counters.registry.js';
import type { Network } from './network.js';

/** The counters of all services that differ from what they count, as `npm run audit:counters` finds them. */
export async function drift({ databases }: Network): Promise<AuditResult[]> {
  const found: AuditResult[] = [];
  for (const [service, counters] of [['user', ofUser] as const, ['post', ofPost] as const]) {
    const db = new Database({ url: databases[service]!, max: 1 });
    try {
      found.push(...(await auditCounters({ db, counters })));
    } finally {
      await db.close();
    }
  }
  return found.filter(({ drifted }) => drifted > 0);
}
