import { badInput } from './core-error.js';
import type { JsonObject } from './input.js';

/** How long things live in one app, how often one may err, and who may ask. */
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

// The names on the left are the ones of the real core's configuration.
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

const wrong = (words: string) => badInput(`Invalid core config: ${words}`);

/** Throws on a name that means nothing here: a test that believes it shortened a lifetime should hear that it did not. */
export function settingsFrom(config: JsonObject, base: Settings): Settings {
  const settings = { ...base };
  for (const [name, value] of Object.entries(config)) {
    const known = Object.hasOwn(settingOf, name) ? settingOf[name] : undefined;
    if (known) settings[known.setting] = readNumber(name, value, known.isCount ?? false) * known.unit;
    else checkOther(name, value);
  }
  return settings;
}

/** Numbers may come as text, as they do from a form. */
function readNumber(name: string, value: unknown, isCount: boolean): number {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number') throw wrong(`'${name}' must be of type ${isCount ? 'int' : 'long'}`);
  if (!(number > 0)) throw wrong(`'${name}' must be greater than 0`);
  if (isCount && !Number.isInteger(number)) throw wrong(`'${name}' must be of type int`);
  return number;
}

function checkOther(name: string, value: unknown): void {
  if (name === 'api_keys') {
    readApiKeys(value);
    return;
  }
  // Which key signs is asked for with each session by now; the setting is from before.
  if (name !== 'access_token_signing_key_dynamic') throw wrong(name);
  if (typeof value !== 'boolean' && value !== 'true' && value !== 'false')
    throw wrong(`'${name}' must be of type boolean`);
}

/** The keys that an app asks for in the place of those of the server. */
export function apiKeysFrom(config: JsonObject): string[] | undefined {
  return config.api_keys === undefined ? undefined : readApiKeys(config.api_keys);
}

const MIN_KEY_LENGTH = 20;

function readApiKeys(value: unknown): string[] {
  if (typeof value !== 'string') throw wrong("'api_keys' must be of type string");
  const keys = value.split(',').map((key) => key.trim());
  if (keys.some((key) => key.length < MIN_KEY_LENGTH))
    throw wrong(`One of the API keys is too short. Please use at least ${MIN_KEY_LENGTH} characters`);
  if (!keys.every((key) => /^[A-Za-z0-9=-]+$/.test(key)))
    throw wrong(
      "Invalid characters in one of the API keys. Please only use '=', '-' and alpha-numeric (including capitals)",
    );
  return keys;
}
