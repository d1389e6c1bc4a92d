import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/bcrypt';

const COST = 11;
let nobodysHash: Promise<string> | undefined;

/** bcrypt reads the first 72 bytes only, here as in the real core. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, { cost: COST, version: '2a' });
}

/** Without a stored hash the same work is done in vain: an unknown e-mail takes as long to refuse as a wrong password. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  nobodysHash ??= hashPassword(randomBytes(24).toString('hex'));
  const matches = await verify(password, stored ?? (await nobodysHash));
  return matches && stored !== undefined;
}
