import { AppError } from '@fowergram/contracts-core';
import type { AccountStatus, AccountState } from '@fowergram/contracts-user';

const MESSAGES = {
  SUSPENDED: 'This account is suspended.',
  BANNED: 'This account is banned.',
  DELETED: 'This account was deleted.',
} satisfies Partial<Record<AccountStatus, string>>;

/** The states that nobody gets out of by signing in. */
export type RestrictedStatus = keyof typeof MESSAGES;

export const isRestricted = (status: AccountStatus): status is RestrictedStatus => Object.hasOwn(MESSAGES, status);

/** The error for a restricted account; until when, where that is known. */
export function forbiddenErrorFor({
  status,
  suspendedUntil,
}: Pick<AccountState, 'suspendedUntil'> & { status: RestrictedStatus }): AppError {
  const waitMs = suspendedUntil === null ? undefined : Date.parse(suspendedUntil) - Date.now();
  const retry = waitMs === undefined ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
  return new AppError('FORBIDDEN', MESSAGES[status], { reason: `ACCOUNT_${status}`, ...retry });
}
