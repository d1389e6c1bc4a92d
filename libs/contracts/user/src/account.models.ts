import { z } from 'zod';
import { Id, Timestamp, visibleTextUpTo } from '@fowergram/contracts-core';

export const Role = z.enum(['USER', 'MODERATOR', 'ADMIN']);
export type Role = z.output<typeof Role>;

/** Only an ACTIVE account is seen by others and may be signed in to; a DEACTIVATED one is reactivated by its next sign-in. */
export const AccountStatus = z.enum(['ACTIVE', 'DEACTIVATED', 'SUSPENDED', 'BANNED', 'DELETED']);
export type AccountStatus = z.output<typeof AccountStatus>;

/** OFF: none. ON: a code is asked for at each sign-in. REQUIRED: the role asks for one that the user has not set up yet. */
export const SecondFactorState = z.enum(['OFF', 'ON', 'REQUIRED']);
export type SecondFactorState = z.output<typeof SecondFactorState>;

/** What a sign-in must know of an account; an account without a profile yet is an ACTIVE USER. */
export const AccountState = z.object({
  userId: Id,
  role: Role,
  status: AccountStatus,
  suspendedUntil: Timestamp.nullable(),
  secondFactor: SecondFactorState,
  /** Grows with each change of role or status. */
  version: z.number().int(),
  /** When the password was changed, if that was a few minutes ago at most. */
  passwordChangedAt: Timestamp.optional(),
});
export type AccountState = z.output<typeof AccountState>;

/** An account as a moderator sees it. */
export const Account = AccountState.omit({ secondFactor: true, passwordChangedAt: true }).extend({
  username: z.string(),
  reason: z.string().nullable(),
  changedAt: Timestamp.nullable(),
});
export type Account = z.output<typeof Account>;

export const MAX_REASON_LENGTH = 500;

/** Why a moderator did something; shown to other moderators only. */
export const Reason = visibleTextUpTo(MAX_REASON_LENGTH, 'A reason');

/** The parts of an erasure: one service each, and `auth` for the credentials, which the gateway removes. */
export const ErasurePart = z.enum(['auth', 'user', 'post', 'media', 'notification']);
export type ErasurePart = z.output<typeof ErasurePart>;

/** How far the erasure of a deleted account has come. Its id cannot be guessed and is the receipt. */
export const Erasure = z.object({
  id: Id,
  requestedAt: Timestamp,
  completedAt: Timestamp.nullable(),
  parts: z.array(z.object({ part: ErasurePart, doneAt: Timestamp.nullable() })),
});
export type Erasure = z.output<typeof Erasure>;

export const SignInMethod = z.enum(['PASSWORD', 'THIRD_PARTY', 'EMAIL_CODE']);
export type SignInMethod = z.output<typeof SignInMethod>;

/** SIGNED_IN has passed everything that was asked; WRONG_PASSWORD and WRONG_CODE were refused; TOKEN_REUSED is a stolen or copied session. */
export const SignInOutcome = z.enum(['SIGNED_UP', 'SIGNED_IN', 'WRONG_PASSWORD', 'WRONG_CODE', 'TOKEN_REUSED']);
export type SignInOutcome = z.output<typeof SignInOutcome>;

export const Client = z.object({ ipAddress: z.string().max(64), userAgent: z.string().max(500) });
export type Client = z.output<typeof Client>;

/** One line of the login history; with a session's handle it also says where that session was used last. */
export const SignIn = Client.extend({
  id: Id,
  userId: Id,
  method: SignInMethod.nullable(),
  outcome: SignInOutcome,
  /** The device in plain words, such as "Firefox on Linux"; "Unknown device" where it says nothing. */
  device: z.string(),
  sessionHandle: z.string().nullable(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
});
export type SignIn = z.output<typeof SignIn>;

/** Six digits of the authenticator app, or one of the recovery codes. */
export const SecondFactorCode = z
  .string()
  .trim()
  .min(6, { error: 'A code has at least 6 characters.' })
  .max(32, { error: 'A code has at most 32 characters.' });
