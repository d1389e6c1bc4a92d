// Counts again what this container's service stores as counters, beside the service that runs, at DATABASE_URL. `--repair` mends
// what differs; without it, the exit code says whether something does.
import { audit, hasCounters } from './counters.mjs';
import { service } from './service.mjs';

const args = process.argv.slice(2);

if (!process.env.DATABASE_URL || !hasCounters(service) || args.some((arg) => arg !== '--repair')) {
  console.error('usage: SERVICE=<user | post> DATABASE_URL=<address> node tools/docker/audit-counters.mjs [--repair]');
  process.exit(64);
}

const isWrong = await audit({ service, url: process.env.DATABASE_URL, repair: args.includes('--repair') });
process.exitCode = isWrong ? 1 : 0;
