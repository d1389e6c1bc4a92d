import { PUBLIC } from './address.js';
import { badInput } from './core-error.js';
import type { Queryable } from './database.js';
import type { JsonObject } from './input.js';

/** How long things live in one app, and how often one may err. The names on the left of `settingOf` are the ones of the real core's configuration. */
export interface Settings {
  accessTokenValidityMs: number;
  refreshTokenValidityMs: number;
  signingKeyIntervalMs: number;
  passwordResetTokenLifetimeMs: number;
  emailVerificationTokenLifetimeMs: number;
  passwordlessCodeLifetimeMs: number;
  passwordlessMaxAttempts: number;
  totpMaxAttempts: number;
  totpCooldownMs: number;
}

export const defaultSettings: Settings = {
  accessTokenValidityMs: 3600 * 1000,
  refreshTokenValidityMs: 144_000 * 60_000,
  signingKeyIntervalMs: 168 * 3_600_000,
  passwordResetTokenLifetimeMs: 3_600_000,
  emailVerificationTokenLifetimeMs: 86_400_000,
  passwordlessCodeLifetimeMs: 900_000,
  passwordlessMaxAttempts: 5,
  totpMaxAttempts: 5,
  totpCooldownMs: 900_000,
};

const settingOf: Record<string, { setting: keyof Settings; unit: number; isCount?: true }> = {
  access_token_validity: { setting: 'accessTokenValidityMs', unit: 1000 },
  refresh_token_validity: { setting: 'refreshTokenValidityMs', unit: 60_000 },
  access_token_dynamic_signing_key_update_interval: { setting: 'signingKeyIntervalMs', unit: 3_600_000 },
  password_reset_token_lifetime: { setting: 'passwordResetTokenLifetimeMs', unit: 1 },
  email_verification_token_lifetime: { setting: 'emailVerificationTokenLifetimeMs', unit: 1 },
  passwordless_code_lifetime: { setting: 'passwordlessCodeLifetimeMs', unit: 1 },
  passwordless_max_code_input_attempts: { setting: 'passwordlessMaxAttempts', unit: 1, isCount: true },
  totp_max_attempts: { setting: 'totpMaxAttempts', unit: 1, isCount: true },
  totp_rate_limit_cooldown_sec: { setting: 'totpCooldownMs', unit: 1000 },
};

export interface App {
  id: string;
  /** Differs when an app is removed and made again under the same name, so that nothing cached outlives it. */
  incarnation: string;
  coreConfig: JsonObject;
  settings: Settings;
}

interface AppRow {
  config: JsonObject;
  created_at: number;
}

export class Apps {
  private publicApp: App | undefined;

  constructor(
    private readonly db: Queryable,
    private readonly base: Settings,
  ) {}

  async find(id: string): Promise<App | undefined> {
    if (id === PUBLIC && this.publicApp) return this.publicApp;
    const [row] = await this.db.rows<AppRow>('select config, created_at from apps where app_id = $1', [id]);
    if (!row) return undefined;
    const app: App = {
      id,
      incarnation: `${id}@${row.created_at}`,
      coreConfig: row.config,
      settings: settingsFrom(row.config, this.base),
    };
    // The public app is never removed or configured; the others are read each time, since any process may change them.
    if (id === PUBLIC) this.publicApp = app;
    return app;
  }

  async get(id: string): Promise<App> {
    const app = await this.find(id);
    if (!app) throw unknownTenant(id, PUBLIC);
    return app;
  }
}

export function unknownTenant(appId: string, tenantId: string) {
  return badInput(
    'AppId or tenantId not found => Tenant with the following connectionURIDomain, appId and tenantId combination ' +
      `not found: (, ${appId}, ${tenantId})`,
  );
}

/** Throws on a name that means nothing here: a test that believes it shortened a lifetime should hear that it did not. */
export function settingsFrom(config: JsonObject, base: Settings): Settings {
  const settings = { ...base };
  for (const [name, value] of Object.entries(config)) {
    const known = Object.hasOwn(settingOf, name) ? settingOf[name] : undefined;
    if (!known) throw badInput(`Invalid core config: ${name}`);
    if (value === null) continue;
    if (typeof value !== 'number' || !(value > 0))
      throw badInput(`Invalid core config: '${name}' must be greater than 0`);
    if (known.isCount && !Number.isInteger(value)) throw badInput(`Invalid core config: '${name}' must be an integer`);
    settings[known.setting] = value * known.unit;
  }
  return settings;
}
