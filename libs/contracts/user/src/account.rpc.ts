import { z } from 'zod';
import { command, Id, PageInput, pageOf, query, Timestamp } from '@fowergram/contracts-core';
import {
  Account,
  AccountStatus,
  Client,
  Erasure,
  ErasurePart,
  Reason,
  Role,
  SecondFactorCode,
  SignIn,
  SignInMethod,
  SignInOutcome,
  AccountState,
} from './account.models.js';

const User = z.object({ userId: Id });
const Moderation = User.extend({ moderatorId: Id, reason: Reason });
const Code = User.extend({ code: SecondFactorCode });
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const accountRpc = {
  state: query('user.account.state', { input: User, output: AccountState }),
  /** Accounts that are not ACTIVE and became so after `since`, for those who must refuse them; `afterId` continues. */
  denylist: query('user.account.denylist', {
    input: z.object({ since: Timestamp, afterId: Id.nullish(), limit: z.number().int().min(1).max(5_000) }),
    output: z.object({
      accounts: z.array(z.object({ userId: Id, status: AccountStatus, version: z.number().int() })),
      hasMore: z.boolean(),
    }),
  }),
  /** What a moderator sees; FORBIDDEN for everybody else, NOT_FOUND at userId. */
  account: query('user.account.get', { input: User.extend({ moderatorId: Id }), output: Account }),

  /** Only an ADMIN changes roles, and never their own. */
  setRole: command('user.account.set-role', { input: Moderation.extend({ role: Role }), output: Account }),
  /** Only an ADMIN says whether an account is of whom it says, and never of their own. */
  setVerified: command('user.account.set-verified', {
    input: Moderation.extend({ isVerified: z.boolean() }),
    output: Account,
  }),
  /** A MODERATOR acts on USERs, an ADMIN on everybody but themselves; anything else is FORBIDDEN. */
  suspend: command('user.account.suspend', { input: Moderation.extend({ until: Timestamp }), output: Account }),
  ban: command('user.account.ban', { input: Moderation, output: Account }),
  /** Ends a suspension or a ban. */
  reinstate: command('user.account.reinstate', { input: Moderation, output: Account }),

  deactivate: command('user.account.deactivate', { input: User, output: AccountState }),
  /** Makes a DEACTIVATED account ACTIVE; any other stays as it is. */
  reactivate: command('user.account.reactivate', { input: User, output: AccountState }),
  /** Deletes the account for good and starts its erasure; again answers the same erasure. */
  delete: command('user.account.delete', { input: User, output: Erasure }),
  erasure: query('user.erasure.get', { input: z.object({ id: Id }), output: Erasure.nullable() }),
  /** A part of an erasure reports that nothing of the user is left with it; again is harmless. */
  erasureDone: command('user.erasure.done', { input: User.extend({ part: ErasurePart }), output: z.object({}) }),
};

export const secondFactorRpc = {
  /** Makes a new secret, which has no effect until a code of it is confirmed. CONFLICT when there is a confirmed one. */
  start: command('user.second-factor.start', {
    input: User.extend({ accountName: z.string().max(320) }),
    output: z.object({ secret: z.string(), uri: z.string() }),
  }),
  /** A wrong code is BAD_USER_INPUT with reason WRONG_CODE; after too many of them everything here is RATE_LIMITED for a while. */
  confirm: command('user.second-factor.confirm', { input: Code, output: RecoveryCodes }),
  /** Takes a code of the app or a recovery code, each once. */
  check: command('user.second-factor.check', {
    input: Code,
    output: z.object({ usedRecoveryCode: z.boolean(), recoveryCodesLeft: z.number().int() }),
  }),
  renewRecoveryCodes: command('user.second-factor.renew-recovery-codes', { input: Code, output: RecoveryCodes }),
  remove: command('user.second-factor.remove', { input: Code, output: z.object({}) }),
};

export const signInRpc = {
  /** Writes one line of the login history; `isNewDevice` when this user never signed in with this kind of device before. */
  record: command('user.sign-in.record', {
    input: User.extend({
      client: Client,
      method: SignInMethod.nullable(),
      outcome: SignInOutcome,
      sessionHandle: z.string().max(128).nullable(),
    }),
    output: z.object({ isNewDevice: z.boolean(), device: z.string() }),
  }),
  /** Notes where a session was used now. */
  touch: command('user.sign-in.touch', {
    input: User.extend({ client: Client, sessionHandle: z.string().max(128) }),
    output: z.object({}),
  }),
  /** The login history, newest first. */
  list: query('user.sign-in.list', { input: PageInput.extend(User.shape), output: pageOf(SignIn) }),
  /** Where these sessions of the user come from. */
  bySessions: query('user.sign-in.by-sessions', {
    input: User.extend({ sessionHandles: z.array(z.string().max(128)).max(1_000) }),
    output: z.array(SignIn),
  }),
};
