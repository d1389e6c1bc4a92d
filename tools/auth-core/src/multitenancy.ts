import { PUBLIC } from './address.js';
import type { App } from './apps.js';
import { defaultSettings, settingsFrom } from './core-config.js';
import { badInput, CoreError } from './core-error.js';
import type { Core } from './core.js';
import type { Input } from './input.js';
import { mustHaveMfa, refuseFeature } from './licence.js';
import { ok, type Call, type Recipe } from './route.js';
import { loadProviders } from './third-party-config.js';

export const multitenancy: Recipe = (core) => ({
  'GET /recipe/multitenancy/tenant/v2': async ({ app }) => ok(await publicTenant(core, app)),
  'GET /recipe/multitenancy/tenant/list/v2': async ({ app }) => ok({ tenants: [await publicTenant(core, app)] }),
  'PUT /recipe/multitenancy/tenant/v2': (call) => putTenant(core, call),
  'POST /recipe/multitenancy/tenant/remove': async (call) => removeTenant(call),
  'PUT /recipe/multitenancy/app/v2': (call) => putApp(core, call),
  'POST /recipe/multitenancy/app/remove': (call) => removeApp(core, call),
});

interface FactorsRow {
  first_factors: string[] | null;
  required_secondary_factors: string[] | null;
}

// @NOTE Factors are left out unless somebody set them: absent means every initialised recipe may sign in, an empty list none.
async function publicTenant(core: Core, app: App) {
  const [row] = await core.db.rows<FactorsRow>(
    'select first_factors, required_secondary_factors from tenant_configs where app_id = $1',
    [app.id],
  );
  return {
    tenantId: PUBLIC,
    thirdParty: { providers: await loadProviders(core, app) },
    firstFactors: row?.first_factors ?? undefined,
    requiredSecondaryFactors: row?.required_secondary_factors ?? undefined,
    coreConfig: app.coreConfig,
  };
}

/** The one tenant that is there may be given its factors; making another is what the real core sells. */
async function putTenant(core: Core, { app, body }: Call) {
  const tenantId = body.findText('tenantId');
  if (tenantId !== undefined && readTenantId(tenantId) !== PUBLIC) refuseFeature('multi_tenancy');
  if (Object.keys(body.findObject('coreConfig') ?? {}).length > 0)
    throw new CoreError(403, 'Cannot modify base config');
  const first = readFactors(body, 'firstFactors');
  const required = readFactors(body, 'requiredSecondaryFactors');
  if (required?.length === 0) {
    throw badInput(
      'requiredSecondaryFactors cannot be empty. Set null instead to remove all required secondary factors.',
    );
  }
  if (required) mustHaveMfa(core);
  const json = (factors: string[] | null | undefined) => (factors ? JSON.stringify(factors) : null);
  await core.db.rows(
    `insert into tenant_configs as old (app_id, first_factors, required_secondary_factors) values ($1, $2, $3)
     on conflict (app_id) do update set
       first_factors = case when $4 then excluded.first_factors else old.first_factors end,
       required_secondary_factors = case when $5 then excluded.required_secondary_factors else old.required_secondary_factors end`,
    [app.id, json(first), json(required), first !== undefined, required !== undefined],
  );
  return ok({ createdNew: false });
}

/** There is none to remove but the one that cannot be. */
function removeTenant({ body }: Call) {
  if (readTenantId(body.text('tenantId')) === PUBLIC)
    throw new CoreError(403, 'Cannot delete public tenant, use remove app API instead');
  return ok({ didExist: false });
}

/** Absent leaves them as they are, null removes them. */
function readFactors(body: Input, field: 'firstFactors' | 'requiredSecondaryFactors'): string[] | null | undefined {
  if (body.isNull(field)) return null;
  const factors = body.findTexts(field);
  if (factors && new Set(factors).size < factors.length)
    throw badInput(`${field} input should not contain duplicate values`);
  return factors;
}

/** The one thing that is free here and paid in the real core: an app is how a test gets a world of its own. */
async function putApp(core: Core, { app, body }: Call) {
  mustBePublic(app);
  const appId = readAppId(body.text('appId'));
  const given = body.findObject('coreConfig') ?? {};
  if (appId === PUBLIC) throw new CoreError(403, 'Cannot modify the public app');
  if (core.appsNeedLicence) refuseFeature('multi_tenancy');
  // What is not named stays, and null takes away.
  const merged = { ...(await core.apps.find(appId))?.coreConfig, ...given };
  const config = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
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
  if (appId === PUBLIC)
    throw new CoreError(403, 'Cannot delete public app, use remove connection uri domain API instead');
  const removed = await core.db.rows('delete from apps where app_id = $1 returning app_id', [appId]);
  return ok({ didExist: removed.length > 0 });
}

function mustBePublic(app: App): void {
  if (app.id !== PUBLIC) throw new CoreError(403, 'You must use the public app to add, update or remove an app');
}

function readAppId(text: string): string {
  const appId = readPathName('appId', text);
  if (appId.length > 64) throw badInput('appId can only contain letters, numbers and hyphens');
  return appId;
}

/** Words that begin a path cannot be in the place of a tenant. */
const reserved = new Set(['recipe', 'config', 'users', 'hello']);

function readTenantId(text: string): string {
  const tenantId = readPathName('tenantId', text);
  if (reserved.has(tenantId)) throw badInput(`Cannot use '${tenantId}' as a tenantId`);
  return tenantId;
}

/** What stands in a path has letters that may. */
function readPathName(field: string, text: string): string {
  const name = text.trim().toLowerCase();
  if (name === '') throw badInput(`${field} should not be an empty String`);
  if (name.startsWith('appid-')) throw badInput(`${field} must not start with 'appid-'`);
  if (!/^[a-z0-9-]+$/.test(name)) throw badInput(`${field} can only contain letters, numbers and hyphens`);
  return name;
}
