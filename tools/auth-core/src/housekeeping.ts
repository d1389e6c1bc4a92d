import { defaultSettings } from './core-config.js';
import type { Core } from './core.js';

const EVERY_MS = 10 * 60_000;

/** What has expired is refused at once wherever it is read; this only keeps the tables small. */
export async function removeExpired(core: Pick<Core, 'db' | 'now'>): Promise<void> {
  const now = core.now();
  await core.db.rows('delete from sessions where expires_at <= $1', [now]);
  await core.db.rows('delete from password_reset_tokens where expires_at <= $1', [now]);
  await core.db.rows('delete from email_verification_tokens where expires_at <= $1', [now]);
  await core.db.rows(
    `delete from totp_used_codes c using apps a where a.app_id = c.app_id and c.expires_at <= $1 and c.created_at
       + 1000 * coalesce((a.config->>'totp_rate_limit_cooldown_sec')::numeric, $2::bigint / 1000) <= $1`,
    [now, defaultSettings.totpCooldownMs],
  );
  await core.db.rows(
    `delete from passwordless_codes c using apps a where a.app_id = c.app_id
       and c.created_at + coalesce((a.config->>'passwordless_code_lifetime')::numeric, $2::bigint) <= $1`,
    [now, defaultSettings.passwordlessCodeLifetimeMs],
  );
  await core.db.rows(
    `delete from passwordless_devices d where d.created_at + $2::bigint <= $1 and not exists
       (select 1 from passwordless_codes c where c.app_id = d.app_id and c.device_id_hash = d.device_id_hash)`,
    [now, defaultSettings.passwordlessCodeLifetimeMs],
  );
}

export function startHousekeeping(core: Core): () => void {
  // A database that is away for a moment is tried again at the next turn.
  const timer = setInterval(() => void removeExpired(core).catch(() => undefined), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
