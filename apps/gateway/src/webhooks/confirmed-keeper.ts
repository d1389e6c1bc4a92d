import { AppError, badInput } from '@fowergram/contracts-core';
import { serviceAccountRpc } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { requireScope } from '../service-accounts/service-keys.service.js';
import type { Keeper } from './keeper.decorator.js';

/** Throws FORBIDDEN unless the user service says that an administrator is one still; a service account has shown its key. */
export async function confirmKeeper(context: RequestContext, { administratorId }: Keeper): Promise<void> {
  if (administratorId !== null) await context.ask(serviceAccountRpc.list, { administratorId });
}

/** The account whose webhooks are meant: that of the service account, or the one that an administrator names. Throws where there is none. */
export async function accountOf(
  context: RequestContext,
  { administratorId, accountId: own }: Keeper,
  named: string | undefined,
  path: string[],
): Promise<string> {
  if (administratorId === null) {
    if (named !== undefined && named !== own) throw noSuchAccount(path);
    return own!;
  }
  if (named === undefined) throw badInput(path, 'Name the service account.');
  const account = (await context.ask(serviceAccountRpc.list, { administratorId })).find(({ id }) => id === named);
  if (!account) throw noSuchAccount(path);
  requireScope(account, 'webhooks:manage');
  return named;
}

/** Who acts, and why: an administrator says so, and it stays on record. */
export function actOf({ administratorId }: Keeper, reason: string | null | undefined) {
  if (administratorId !== null && reason == null) throw badInput(['input', 'reason'], 'Say why.');
  return { administratorId, reason: reason ?? null };
}

const noSuchAccount = (path: string[]): AppError =>
  new AppError('NOT_FOUND', 'There is no such service account.', { path });
