import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { status } from './route.js';
import { isCodeOf, lifetimeMs, type CodeSource } from './totp-code.js';

export interface TotpDevice extends CodeSource {
  name: string;
  verified: boolean;
}

interface UsedCode {
  code: string;
  is_valid: boolean;
  created_at: number;
  expires_at: number;
}

/**
 * Judges one code and remembers it; nothing means that it is right. The caller holds the lock of this user, so what
 * is read here is still true when the verdict is written.
 */
export async function tryCode(
  core: Core,
  tx: Queryable,
  app: App,
  userId: string,
  devices: TotpDevice[],
  code: string,
) {
  const now = Math.floor(core.now());
  const { totpMaxAttempts: max, totpCooldownMs } = app.settings;
  const used = await tx.rows<UsedCode>(
    `select code, is_valid, created_at, expires_at from totp_used_codes
     where app_id = $1 and user_id = $2 order by created_at desc, id desc`,
    [app.id, userId],
  );
  const failures = failuresInARow(used, max);
  const blockedUntil = failures === max ? used[0]!.created_at + totpCooldownMs : 0;
  // The refused attempt is not remembered: it would keep the owner locked out for as long as somebody keeps guessing.
  if (now < blockedUntil)
    return status('LIMIT_REACHED_ERROR', { retryAfterMs: blockedUntil - now, ...counted(max, max) });

  const device = devices.find((candidate) => isCodeOf(candidate, code, now));
  const isReplay = used.some((earlier) => earlier.code === code && earlier.is_valid && earlier.expires_at > now);
  const isValid = device !== undefined && !isReplay;
  const validForMs = device ? lifetimeMs(device) : Math.max(0, ...devices.map(lifetimeMs));
  await tx.rows(
    `insert into totp_used_codes (app_id, user_id, code, is_valid, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
    [app.id, userId, code, isValid, now, now + validForMs],
  );
  return isValid ? undefined : status('INVALID_TOTP_ERROR', counted(Math.min(failures + 1, max), max));
}

function failuresInARow(newestFirst: UsedCode[], max: number): number {
  const latest = newestFirst.slice(0, max);
  const firstSuccess = latest.findIndex((attempt) => attempt.is_valid);
  return firstSuccess === -1 ? latest.length : firstSuccess;
}

function counted(current: number, max: number) {
  return { currentNumberOfFailedAttempts: current, maxNumberOfFailedAttempts: max };
}
