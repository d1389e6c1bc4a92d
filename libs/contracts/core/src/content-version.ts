import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from './app-error.js';

/** The version of a thing that keeps no number of its changes. */
export const ContentVersion = z.string().max(16);

/** As many as a client may have read; whoever sends more has not looked at them. */
export const MAX_EXPECTED_VERSIONS = 20;

/** The versions that a change may find: any of several will do. `expectedVersion` is the first of them, for services that know no other. */
export interface Expected<V> {
  expectedVersion?: V | undefined;
  expectedVersions?: V[] | undefined;
}

/** Several versions that a change may find. */
export const severalVersions = <V extends z.ZodType>(version: V) =>
  z.array(version).min(1).max(MAX_EXPECTED_VERSIONS).optional();

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

/** Throws CONFLICT where this is none of the versions that are expected. */
export function requireVersion<V>(version: V, { expectedVersion, expectedVersions }: Expected<V>): void {
  if (expectedVersion === undefined && expectedVersions === undefined) return;
  if (!(expectedVersions ?? [expectedVersion]).includes(version)) throw changedMeanwhile();
}
