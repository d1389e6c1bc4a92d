import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from './app-error.js';

/** The version of a thing that keeps no number of its changes. */
export const ContentVersion = z.string().max(16);

/** A version made of what can be changed: whoever has read the same may change it. */
export const contentVersion = (values: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 16);

/** Makes the error for a thing that somebody has changed since the version that is expected. */
export function changedMeanwhile(): AppError {
  return new AppError('CONFLICT', 'This was changed meanwhile: read it again.', {
    path: ['expectedVersion'],
    reason: 'VERSION',
  });
}

/** Throws CONFLICT where this is no longer the version that is expected. */
export function requireVersion(version: string, expected: string | undefined): void {
  if (expected !== undefined && expected !== version) throw changedMeanwhile();
}
