import { hash, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** What a real core takes for argon2id, the kind that the library makes too, where nothing else is configured: 85 MiB, one pass, parallelism 2. */
export const ARGON2ID = { memoryCost: 87_795, timeCost: 1, parallelism: 2 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID);
}

export type PasswordCheck = (password: string, stored: string) => Promise<boolean>;

/** A hash is checked by what made it, so accounts from before argon2id keep their password. */
export const isPassword: PasswordCheck = async (password, stored) =>
  stored.startsWith('$2') ? verifyBcrypt(password, stored) : verify(stored, password);
