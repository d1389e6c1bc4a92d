import { AppError, badInput, notFound } from '@fowergram/contracts-core';
import type { Account, AccountStatus, Role, SecondFactorState, AccountState } from '@fowergram/contracts-user';

/** An account as its row stores it, with the status that is in force at `now`. */
export interface StoredAccount {
  userId: string;
  username: string;
  role: Role;
  status: AccountStatus;
  suspendedUntil: Date | null;
  reason: string | null;
  changedAt: Date | null;
  /** Its owner has deactivated it. */
  dormant: boolean;
  isPrivate: boolean;
  version: number;
  /** The database's clock when the row was read. */
  now: Date;
}

/** What the state of an account is made of. */
export interface AccountStateFacts {
  role: Role;
  status: AccountStatus;
  suspendedUntil: Date | null;
  version: number;
  passwordChangedAt: Date | null;
  hasSecondFactor: boolean;
}

type Change = StoredAccount | undefined;

/** True for an ACTIVE moderator or administrator. */
export const isModerator = (actor: StoredAccount | undefined): actor is StoredAccount =>
  actor?.status === 'ACTIVE' && actor.role !== 'USER';

/** Throws FORBIDDEN unless the actor is an ACTIVE moderator or administrator. */
export function requireModerator(actor: StoredAccount | undefined): StoredAccount {
  if (isModerator(actor)) return actor;
  throw forbidden();
}

/** Throws FORBIDDEN unless the actor is an ACTIVE administrator. */
export function requireAdministrator(actor: StoredAccount | undefined): StoredAccount {
  if (isModerator(actor) && actor.role === 'ADMIN') return actor;
  throw forbidden();
}

/** Throws NOT_FOUND for a target that is deleted or does not exist. */
export function requireAccount(target: StoredAccount | undefined): StoredAccount {
  if (target && target.status !== 'DELETED') return target;
  throw notFound('user', ['userId']);
}

/** A MODERATOR acts on USERs, an ADMIN on everybody but themselves. */
export function requireRank(actor: StoredAccount, target: StoredAccount): void {
  const allowed = actor.userId !== target.userId && (actor.role === 'ADMIN' || target.role === 'USER');
  if (!allowed) throw forbidden();
}

/** Only an ADMIN changes roles, and never their own. */
export function requireAdmin(actor: StoredAccount, target: StoredAccount): void {
  if (actor.role !== 'ADMIN' || actor.userId === target.userId) throw forbidden();
}

// Each function below returns the account after the change, or undefined where there is nothing to change.

export function withRole(account: StoredAccount, role: Role): Change {
  return account.role === role ? undefined : { ...account, role };
}

/** A ban is the stronger of the two, so a suspension that comes later does not soften it. */
export function suspended(account: StoredAccount, until: Date, reason: string): Change {
  if (until <= account.now) throw badInput(['until'], 'A suspension ends in the future.', 'NOT_IN_FUTURE');
  if (account.status === 'BANNED')
    throw new AppError('CONFLICT', 'This account is banned. Reinstate it first.', { reason: 'ACCOUNT_BANNED' });
  if (account.status === 'SUSPENDED' && account.suspendedUntil?.getTime() === until.getTime()) return undefined;
  return { ...account, status: 'SUSPENDED', suspendedUntil: until, reason };
}

export function banned(account: StoredAccount, reason: string): Change {
  return account.status === 'BANNED' ? undefined : { ...account, status: 'BANNED', suspendedUntil: null, reason };
}

export function reinstated(account: StoredAccount): StoredAccount {
  if (!isRestricted(account.status))
    throw new AppError('CONFLICT', 'This account is neither suspended nor banned.', { reason: 'NOT_RESTRICTED' });
  return released(account);
}

/** After a suspension or a ban an account is DEACTIVATED again if its owner had deactivated it. */
export function released(account: StoredAccount): StoredAccount {
  return { ...account, status: account.dormant ? 'DEACTIVATED' : 'ACTIVE', suspendedUntil: null, reason: null };
}

export function deactivated(account: StoredAccount): Change {
  if (account.status === 'DEACTIVATED') return undefined;
  requireActive(account.status);
  return { ...account, status: 'DEACTIVATED', suspendedUntil: null, reason: null, dormant: true };
}

export function reactivated(account: StoredAccount): Change {
  return account.status === 'DEACTIVATED'
    ? { ...account, status: 'ACTIVE', suspendedUntil: null, reason: null, dormant: false }
    : undefined;
}

export function deleted(account: StoredAccount): StoredAccount {
  return { ...account, status: 'DELETED', suspendedUntil: null };
}

/** Throws FORBIDDEN with the reason unless the account is ACTIVE. */
export function requireActive(status: AccountStatus): void {
  if (status !== 'ACTIVE')
    throw new AppError('FORBIDDEN', `This account is ${status.toLowerCase()}.`, { reason: `ACCOUNT_${status}` });
}

const isRestricted = (status: AccountStatus): boolean => status === 'SUSPENDED' || status === 'BANNED';

/** Says nothing of the account that was meant: not even whether there is one. */
const forbidden = (): AppError => new AppError('FORBIDDEN', 'You may not do this.');

export function toAccount({
  userId,
  username,
  role,
  status,
  suspendedUntil,
  reason,
  changedAt,
  version,
}: StoredAccount): Account {
  return {
    userId,
    username,
    role,
    status,
    suspendedUntil: untilOf(status, suspendedUntil),
    reason: isRestricted(status) ? reason : null,
    changedAt: changedAt?.toISOString() ?? null,
    version,
  };
}

export function toAccountState(
  userId: string,
  facts: AccountStateFacts,
  rolesThatNeedASecondFactor: readonly Role[],
): AccountState {
  const { role, status, suspendedUntil, version, passwordChangedAt } = facts;
  return {
    userId,
    role,
    status,
    suspendedUntil: untilOf(status, suspendedUntil),
    secondFactor: secondFactorOf(facts, rolesThatNeedASecondFactor),
    version,
    ...(passwordChangedAt && { passwordChangedAt: passwordChangedAt.toISOString() }),
  };
}

function secondFactorOf({ hasSecondFactor, role }: AccountStateFacts, needed: readonly Role[]): SecondFactorState {
  if (hasSecondFactor) return 'ON';
  return needed.includes(role) ? 'REQUIRED' : 'OFF';
}

const untilOf = (status: AccountStatus, until: Date | null): string | null =>
  status === 'SUSPENDED' && until ? until.toISOString() : null;
