import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** What a real core takes for argon2id, the kind that the library makes too, where nothing else is configured: 85 MiB, one pass, parallelism 2. */
export const ARGON2ID = { memoryCost: 87_795, timeCost: 1, parallelism: 2 };

let nobodysHash: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID);
}

/**
 * A hash is checked by what made it, so accounts from before argon2id keep their password. Without a stored one the same work is done
 * in vain: an unknown e-mail takes as long to refuse as a wrong password.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  nobodysHash ??= hashPassword(randomBytes(24).toString('hex'));
  const kept = stored ?? (await nobodysHash);
  const matches = await (kept.startsWith('$2') ? verifyBcrypt(password, kept) : verify(kept, password));
  return matches && stored !== undefined;
}
