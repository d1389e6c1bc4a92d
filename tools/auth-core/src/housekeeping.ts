import type { Core } from './core.js';

const EVERY_MS = 10 * 60_000;

/** What has expired is refused at once wherever it is read; this only keeps the tables small. */
export async function removeExpired(core: Core): Promise<void> {
  const now = core.now();
  await core.db.rows('delete from sessions where expires_at <= $1', [now]);
  await core.db.rows('delete from password_reset_tokens where expires_at <= $1', [now]);
  await core.db.rows('delete from email_verification_tokens where expires_at <= $1', [now]);
}

export function startHousekeeping(core: Core): () => void {
  // A database that is away for a moment is tried again at the next turn.
  const timer = setInterval(() => void removeExpired(core).catch(() => undefined), EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
