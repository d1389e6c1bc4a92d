import { randomBytes } from 'node:crypto';
import { AppError } from '@fowergram/contracts-core';
import {
  hashOfServiceKey,
  MAX_KEYS_PER_SERVICE_ACCOUNT,
  MAX_SERVICE_ACCOUNTS,
  SERVICE_KEY_PREFIX,
} from '@fowergram/contracts-user';

const KEY_BYTES = 32;
const ENDING_LENGTH = 4;

/** A new key, and what is stored of it. */
export function newServiceKey(): { key: string; hash: string; ending: string } {
  const key = SERVICE_KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  return { key, hash: hashOfServiceKey(key), ending: key.slice(-ENDING_LENGTH) };
}

/** Makes the error for one account more than there may be. */
export const tooManyAccounts = (): AppError =>
  new AppError('FORBIDDEN', `There are ${MAX_SERVICE_ACCOUNTS} service accounts, as many as there may be.`, {
    reason: 'SERVICE_ACCOUNT_LIMIT',
  });

/** Makes the error for one key more than an account may have. */
export const tooManyKeys = (): AppError =>
  new AppError('FORBIDDEN', `A service account has at most ${MAX_KEYS_PER_SERVICE_ACCOUNT} keys: revoke one first.`, {
    path: ['accountId'],
    reason: 'SERVICE_KEY_LIMIT',
  });
