import type { Core } from './core.js';
import { ok, type Recipe } from './route.js';

/** The one version of the driver interface that is spoken here. */
export const CDI_VERSION = '5.4';

export const about: Recipe = (core) => ({
  'GET /': () => hello(core),
  'GET /hello': () => hello(core),
  'GET /apiversion': async () => ({ versions: [CDI_VERSION] }),
  'GET /telemetry': async () => ok({ exists: false }),
});

async function hello(core: Core): Promise<string> {
  await core.db.rows('select 1 as one');
  return 'Hello';
}
