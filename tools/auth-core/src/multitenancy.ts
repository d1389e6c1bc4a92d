import { PUBLIC } from './address.js';
import { defaultSettings, settingsFrom, type App } from './apps.js';
import { badInput, CoreError } from './core-error.js';
import type { Core } from './core.js';
import { multitenancyNeedsLicence, refuseWithoutLicence } from './licence.js';
import { ok, type Call, type Recipe } from './route.js';

export const multitenancy: Recipe = (core) => ({
  'GET /recipe/multitenancy/tenant/v2': async ({ app }) => ok(publicTenant(app)),
  'GET /recipe/multitenancy/tenant/list/v2': async ({ app }) => ok({ tenants: [publicTenant(app)] }),
  'PUT /recipe/multitenancy/tenant/v2': async () => refuseWithoutLicence(multitenancyNeedsLicence),
  'PUT /recipe/multitenancy/app/v2': (call) => putApp(core, call),
  'POST /recipe/multitenancy/app/remove': (call) => removeApp(core, call),
});

// @NOTE `firstFactors` is left out on purpose: absent means every initialised recipe may sign in, an empty list means none.
function publicTenant(app: App) {
  return { tenantId: PUBLIC, thirdParty: { providers: [] }, coreConfig: app.coreConfig };
}

/** The one thing that is free here and paid in the real core: an app is how a test gets a world of its own. */
async function putApp(core: Core, { app, body }: Call) {
  mustBePublic(app);
  const appId = readAppId(body.text('appId'));
  const config = body.findObject('coreConfig') ?? {};
  settingsFrom(config, defaultSettings);
  const [row] = await core.db.rows<{ is_new: boolean }>(
    `insert into apps (app_id, config, created_at) values ($1, $2, $3)
     on conflict (app_id) do update set config = excluded.config returning xmax = 0 as is_new`,
    [appId, JSON.stringify(config), Math.floor(core.now())],
  );
  return ok({ createdNew: row!.is_new });
}

async function removeApp(core: Core, { app, body }: Call) {
  mustBePublic(app);
  const appId = readAppId(body.text('appId'));
  const removed = await core.db.rows('delete from apps where app_id = $1 returning app_id', [appId]);
  return ok({ didExist: removed.length > 0 });
}

function mustBePublic(app: App): void {
  if (app.id !== PUBLIC) throw new CoreError(403, 'You must use the public app to add, update or remove an app');
}

function readAppId(text: string): string {
  const appId = text.trim().toLowerCase();
  if (!/^[a-z0-9-]{1,64}$/.test(appId)) throw badInput('appId can only contain letters, numbers and hyphens');
  if (appId.startsWith('appid-')) throw badInput('appId must not start with appid-');
  if (appId === PUBLIC) throw new CoreError(403, 'Cannot modify the public app');
  return appId;
}
