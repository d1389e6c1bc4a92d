import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth';
import { AppError, badInput } from '@fowergram/contracts-core';

const STEP_SECONDS = 30;
/** So many steps before and after the present one are accepted too: clocks drift and users type slowly. */
const WINDOW = 1;
const TRIES = 5;
const BLOCK_MS = 15 * 60 * 1_000;

/** How often in a row codes of one account were wrong. */
export interface Attempts {
  failures: number;
  lastFailureAt: Date | null;
}

export const stepAt = (time: Date): number => Math.floor(time.getTime() / 1_000 / STEP_SECONDS);

/** The six digits of one time step, as RFC 6238 makes them with HMAC-SHA1. */
export const codeOf = (secret: Uint8Array, step: number): string =>
  HOTP.generate({ secret: toSecret(secret), counter: step, digits: 6 });

/**
 * The time step whose code this is, or undefined. Where two steps of the window happen to have the same code it is the later
 * one: what is stored as the last step then refuses the code for both.
 */
export function stepOf(secret: Uint8Array, code: string, now: Date, lastStep: number): number | undefined {
  const present = stepAt(now);
  for (let step = present + WINDOW; step >= Math.max(present - WINDOW, 0); step--) {
    if (isSame(codeOf(secret, step), code)) return step > lastStep ? step : undefined;
  }
  return undefined;
}

/** What an authenticator app reads from a QR code. */
export function uriOf(secret: Uint8Array, issuer: string, accountName: string): string {
  // Half of a surrogate pair cannot be percent-encoded.
  return new TOTP({
    issuer: issuer.toWellFormed(),
    label: accountName.toWellFormed(),
    secret: toSecret(secret),
    digits: 6,
    period: STEP_SECONDS,
  }).toString();
}

/** The secret as users type it into an authenticator app. */
export const base32Of = (secret: Uint8Array): string => toSecret(secret).base32;

/** Case, spaces and dashes are not part of any code. */
export const plain = (code: string): string => code.replace(/[\s\p{Pd}]/gu, '').toLowerCase();

export const isTotp = (code: string): boolean => /^[0-9]{6}$/.test(code);

/** Milliseconds until a code is looked at again; 0 when one may be tried now. Only an accepted code sets the failures back. */
export function blockedForMs({ failures, lastFailureAt }: Attempts, now: Date): number {
  if (failures < TRIES || !lastFailureAt) return 0;
  const left = lastFailureAt.getTime() + BLOCK_MS - now.getTime();
  return Math.min(Math.max(left, 0), BLOCK_MS);
}

export function requireNotBlocked(attempts: Attempts, now: Date): void {
  const ms = blockedForMs(attempts, now);
  if (ms === 0) return;
  throw new AppError('RATE_LIMITED', 'There were too many wrong codes. Please try again later.', {
    reason: 'TOO_MANY_CODES',
    retryAfterSeconds: Math.ceil(ms / 1_000),
  });
}

/** The same for a code that is wrong, used already or too old: whoever guesses learns nothing else. */
export const wrongCode = (): AppError => badInput(['code'], 'This code is not right.', 'WRONG_CODE');
export const isOn = (): AppError =>
  new AppError('CONFLICT', 'There is a second factor already.', { reason: 'SECOND_FACTOR_ON' });
export const isOff = (): AppError =>
  new AppError('CONFLICT', 'There is no second factor.', { reason: 'SECOND_FACTOR_OFF' });
export const accountDeleted = (): AppError =>
  new AppError('FORBIDDEN', 'This account was deleted.', { reason: 'ACCOUNT_DELETED' });

function toSecret(bytes: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(bytes).buffer });
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
