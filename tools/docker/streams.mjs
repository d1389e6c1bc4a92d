// Makes the streams and consumers that the services need, at NATS_URL, as the administrator of NATS. Comes before the services of a
// new version; safe to run again. A NATS that is still starting is asked again.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { administer } from '../../dist/libs/messaging/src/administration.js';

const ATTEMPTS = 30;
const PAUSE_MS = 2_000;

if (!process.env.NATS_URL) {
  console.error('usage: NATS_URL=<address of the administrator> node tools/docker/streams.mjs');
  process.exit(64);
}

const map = JSON.parse(readFileSync(new URL('../permissions/service-map.json', import.meta.url), 'utf8'));
for (let attempt = 1; ; attempt += 1) {
  try {
    await administer(process.env.NATS_URL, map);
    console.log('the streams and the consumers of all services are there');
    break;
  } catch (error) {
    if (attempt === ATTEMPTS) throw error;
    console.error(`${error.message} ${error.cause?.message ?? ''}: trying again`);
    await setTimeout(PAUSE_MS);
  }
}
