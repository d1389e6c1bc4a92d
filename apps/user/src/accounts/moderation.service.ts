import { Injectable } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Account, accountRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from './accounts.repository.js';
import {
  type StoredAccount,
  banned,
  reinstated,
  requireAccount,
  requireAdmin,
  requireModerator,
  requireRank,
  suspended,
  toAccount,
  withRole,
} from './accounts.rules.js';

type ModerationCommand =
  typeof accountRpc.setRole | typeof accountRpc.suspend | typeof accountRpc.ban | typeof accountRpc.reinstate;
type Decision = (actor: StoredAccount, target: StoredAccount) => StoredAccount | undefined;

/** What moderators and administrators do to the accounts of others; each action is recorded with its reason. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
  ) {}

  async account({ moderatorId, userId }: Parsed<typeof accountRpc.account>): Promise<Account> {
    const found = await this.accounts.byIds([moderatorId, userId]);
    requireModerator(found.get(moderatorId));
    return toAccount(requireAccount(found.get(userId)));
  }

  setRole(input: Parsed<typeof accountRpc.setRole>, idempotencyKey: string | undefined): Promise<Account> {
    return this.execute(accountRpc.setRole, input, idempotencyKey, (actor, target) => {
      requireAdmin(actor, target);
      return withRole(target, input.role);
    });
  }

  suspend(input: Parsed<typeof accountRpc.suspend>, idempotencyKey: string | undefined): Promise<Account> {
    return this.execute(accountRpc.suspend, input, idempotencyKey, (actor, target) => {
      requireRank(actor, target);
      return suspended(target, new Date(input.until), input.reason);
    });
  }

  ban(input: Parsed<typeof accountRpc.ban>, idempotencyKey: string | undefined): Promise<Account> {
    return this.execute(accountRpc.ban, input, idempotencyKey, (actor, target) => {
      requireRank(actor, target);
      return banned(target, input.reason);
    });
  }

  reinstate(input: Parsed<typeof accountRpc.reinstate>, idempotencyKey: string | undefined): Promise<Account> {
    return this.execute(accountRpc.reinstate, input, idempotencyKey, (actor, target) => {
      requireRank(actor, target);
      return reinstated(target);
    });
  }

  private async execute<C extends ModerationCommand>(
    contract: C,
    input: Parsed<C>,
    idempotencyKey: string | undefined,
    decide: Decision,
  ): Promise<Account> {
    const account = await this.db.transaction((tx) =>
      withIdempotency<ModerationCommand>(tx, idempotencyKey, contract, input, async () => {
        const locked = await this.accounts.lock(tx, [input.moderatorId, input.userId]);
        const actor = requireModerator(locked.get(input.moderatorId));
        const target = requireAccount(locked.get(input.userId));
        const next = decide(actor, target);
        return toAccount(next ? await this.save(tx, contract, input, next) : target);
      }),
    );
    this.outbox.trigger();
    return account;
  }

  private async save<C extends ModerationCommand>(
    tx: Tx,
    contract: C,
    { moderatorId, userId, reason }: Parsed<C>,
    next: StoredAccount,
  ): Promise<StoredAccount> {
    const changed = await this.accounts.change(tx, next);
    const action = actionOf(contract, next);
    await this.accounts.recordAction(tx, {
      moderatorId,
      userId,
      action,
      reason,
      until: contract === accountRpc.suspend ? next.suspendedUntil : null,
    });
    return changed;
  }
}

/** The name of an action in the log of moderation; a new role is part of it. */
export function actionOf(contract: ModerationCommand, { role }: { role: string }): string {
  if (contract === accountRpc.setRole) return `SET_ROLE_${role}`;
  if (contract === accountRpc.suspend) return 'SUSPEND';
  return contract === accountRpc.ban ? 'BAN' : 'REINSTATE';
}
