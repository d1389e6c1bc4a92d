import type { App } from './apps.js';
import { badInput, CoreError } from './core-error.js';
import type { Core } from './core.js';
import { ok, status, type Call, type Recipe } from './route.js';

/**
 * What the real core sells, answered as it answers without a licence, so that nobody builds on a feature that is not
 * there in production. The switch is the environment of this process (FEATURES), never a request.
 */
export const licence: Recipe = (core) => ({
  'GET /ee/featureflag': ({ app }) => listFeatures(core, app),
  'GET /ee/license': ({ app }) => showKey(core, app),
  'PUT /ee/license': (call) => keepKey(core, call),
  'DELETE /ee/license': ({ app }) => deleteKey(core, app),
});

/** Further tenants are not among them: they do not exist here, so no switch may claim them. */
export const licensedFeatures = ['mfa', 'account_linking'] as const;
export type Feature = (typeof licensedFeatures)[number];

export function mustHaveMfa(core: Core): void {
  if (core.features.has('mfa')) return;
  throw new CoreError(
    402,
    'MFA feature is not enabled. Please subscribe to a SuperTokens core license key to enable this feature.',
  );
}

/** A second factor links accounts, so whoever bought the one has the other. */
export function mustHaveAccountLinking(core: Core): void {
  if (core.features.has('account_linking') || core.features.has('mfa')) return;
  throw new CoreError(402, 'Account linking feature is not enabled for this app. Please contact support to enable it.');
}

/** Who may come into the one tenant that is here is sold with the others. */
export function mustHaveTenancy(core: Core): void {
  if (core.features.size === 0) refuseFeature('multi_tenancy');
}

export function refuseFeature(name: string): never {
  throw new CoreError(
    402,
    `Cannot use feature: ${name}, because the license key is missing, or doesn't have this feature enabled.`,
  );
}

async function listFeatures(core: Core, app: App) {
  const features = licensedFeatures.filter((feature) => core.features.has(feature));
  return ok({ features, usageStats: await usageOf(core, app) });
}

async function usageOf(core: Core, app: App) {
  if (core.features.size === 0) return {};
  const [row] = await core.db.rows<{ linked: number; secured: number }>(
    `select count(*) filter (where methods > 1) as linked, count(*) filter (where methods > 1 or has_totp) as secured from (
       select count(*) as methods, bool_or(exists (select 1 from totp_devices d
         where d.app_id = m.app_id and d.user_id = m.user_id and d.verified)) as has_totp
       from login_methods m where m.app_id = $1 group by m.user_id) as accounts`,
    [app.id],
  );
  return {
    ...(core.features.has('mfa') && { mfa: { totalUserCountWithMoreThanOneLoginMethodOrTOTPEnabled: row!.secured } }),
    ...(core.features.has('account_linking') && {
      account_linking: { usesAccountLinking: row!.linked > 0, totalUserCountWithMoreThanOneLoginMethod: row!.linked },
    }),
  };
}

const KEY = 'license-key';

async function showKey(core: Core, app: App) {
  const [row] = await core.db.rows<{ value: Buffer }>('select value from secrets where app_id = $1 and name = $2', [
    app.id,
    KEY,
  ]);
  return row ? ok({ licenseKey: row.value.toString() }) : status('NO_LICENSE_KEY_FOUND_ERROR');
}

// Nobody is asked whether a key is genuine. It is kept where the switch is on, for scripts that set one and expect an OK.
async function keepKey(core: Core, { app, body }: Call) {
  const licenseKey = body.findText('licenseKey');
  if (licenseKey === undefined) {
    if (body.isEmpty()) return ok();
    throw badInput("Field name 'licenseKey' is missing in JSON input");
  }
  if (core.features.size === 0) return status('INVALID_LICENSE_KEY_ERROR');
  await core.db.rows(
    'insert into secrets (app_id, name, value) values ($1, $2, $3) on conflict (app_id, name) do update set value = excluded.value',
    [app.id, KEY, Buffer.from(licenseKey)],
  );
  return ok();
}

async function deleteKey(core: Core, app: App) {
  await core.db.rows('delete from secrets where app_id = $1 and name = $2', [app.id, KEY]);
  return ok();
}
