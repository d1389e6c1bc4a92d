import type { SignInOutcome } from '@fowergram/contracts-user';
import { deviceOf } from './devices.rules.js';

/** The outcomes of attempts that got in. */
export const SUCCESSFUL: SignInOutcome[] = ['SIGNED_UP', 'SIGNED_IN'];

export const isSuccessful = (outcome: SignInOutcome): boolean => SUCCESSFUL.includes(outcome);

/** The first device of a user is never new to them. */
export function isNewDevice(device: string, outcome: SignInOutcome, earlierUserAgents: string[]): boolean {
  if (outcome === 'SIGNED_UP' || earlierUserAgents.length === 0) return false;
  return !earlierUserAgents.some((userAgent) => deviceOf(userAgent) === device);
}

/** What a client says of itself without the characters that Postgres cannot store. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
