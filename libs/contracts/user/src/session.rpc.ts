import { z } from 'zod';
import { command, Id, query, Timestamp } from '@fowergram/contracts-core';

const Handle = z.string().min(1).max(128);

/** As many revocations as one message carries. */
export const MAX_REVOCATIONS = 2_000;

/**
 * The longest that an access token is good, whatever it says of itself: a revocation that is older ends nothing any more. Revocations
 * are stored for twice as long.
 */
export const ACCESS_TOKEN_LIFE_MS = 60 * 60 * 1_000;

/** What ended sessions. The auth core knows which sessions there are, this is the record of those whose tokens must be refused. */
export const sessionRpc = {
  /** Records that these sessions are over; again is harmless. */
  revoke: command('user.session.revoke', {
    input: z.object({ handles: z.array(Handle).min(1).max(MAX_REVOCATIONS) }),
    output: z.object({}),
  }),
  /**
   * What was revoked after a moment, oldest first; `after` continues behind a handle of that same moment. Without a moment: all that
   * is stored. `asOf` is the clock of the record: what commits late may carry a time that is up to a minute earlier.
   */
  revoked: query('user.session.revoked', {
    input: z.object({
      since: Timestamp.nullable(),
      after: z.string().max(128).default(''),
      limit: z.number().int().min(1).max(MAX_REVOCATIONS),
    }),
    output: z.object({
      revocations: z.array(z.object({ handle: z.string(), revokedAt: Timestamp })),
      hasMore: z.boolean(),
      asOf: Timestamp,
    }),
  }),
  /** Records when a password was changed, by the clock of the caller: a sign-in by one that was shown earlier is refused. */
  passwordChanged: command('user.session.password-changed', {
    input: z.object({ userId: Id, at: Timestamp }),
    output: z.object({}),
  }),
};
