// The audit of one service's counters: in its container by audit-counters.mjs, on a developer's stack by tools/stack/audit-counters.mjs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../dist');
const registryOf = (service) => join(dist, 'apps', service, 'src/counters/counters.registry.js');

/** Whether a service stores counters. */
export const hasCounters = (service) => existsSync(registryOf(service));

/** Counts everything again, says of each counter what was found, and answers whether drift is left. */
export async function audit({ service, url, repair, say = console.log }) {
  const { auditCounters } = await import(join(dist, 'libs/counters/src/index.js'));
  const { Database } = await import(join(dist, 'libs/database/src/index.js'));
  const { COUNTERS } = await import(registryOf(service));
  const db = new Database({ url, max: 1, hasNamedStatements: process.env.DATABASE_NAMED_STATEMENTS !== 'off' });
  try {
    const results = await auditCounters({
      db,
      counters: COUNTERS,
      repair,
      onResult: (result) => say(lineOf(service, result, repair)),
    });
    return !repair && results.some(({ drift }) => drift > 0);
  } finally {
    await db.close();
  }
}

function lineOf(service, { counter, keys, drifted, drift, examples }, repair) {
  const counted = `${service} ${counter}: ${keys.toLocaleString('en')} counted`;
  if (drifted === 0) return `${counted}, all true`;
  return `${counted}, ${drifted} differ by ${drift} in all, such as ${examples.join(', ')}${repair ? '; mended' : ''}`;
}
