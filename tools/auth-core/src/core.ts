import type { Apps } from './apps.js';
import type { Database } from './database.js';
import type { Keys } from './keys.js';
import type { Feature } from './licence.js';
import type { PasswordCheck } from './password.js';

/** What every recipe works with. */
export interface Core {
  db: Database;
  apps: Apps;
  keys: Keys;
  /** What the real core sells and is switched on here. */
  features: ReadonlySet<Feature>;
  appsNeedLicence: boolean;
  /** Tests count how often it is asked. */
  isPassword: PasswordCheck;
  /** Milliseconds since 1970; tests move it to see keys roll over and tokens expire. */
  now: () => number;
}
