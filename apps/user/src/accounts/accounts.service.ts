import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import { accountRpc, type AccountState } from '@fowergram/contracts-user';
import { Database, type Sql } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { AccountsRepository } from './accounts.repository.js';
import { deactivated, reactivated, type StoredAccount, toAccountState } from './accounts.rules.js';

type OwnCommand = typeof accountRpc.deactivate | typeof accountRpc.reactivate;

/** What users do to their own account, and what a sign-in asks of it. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async state(userId: string, sql: Sql = this.db): Promise<AccountState> {
    return toAccountState(userId, await this.accounts.state(userId, sql), this.config.SECOND_FACTOR_ROLES);
  }

  async denylist({
    since,
    afterId,
    limit,
  }: Parsed<typeof accountRpc.denylist>): Promise<Output<typeof accountRpc.denylist>> {
    const accounts = await this.accounts.denylist(new Date(since), afterId ?? undefined, limit + 1);
    return { accounts: accounts.slice(0, limit), hasMore: accounts.length > limit };
  }

  deactivate(userId: string, idempotencyKey: string | undefined): Promise<AccountState> {
    return this.changeOwn(accountRpc.deactivate, userId, idempotencyKey, (account) => {
      if (!account) throw notFound('user', ['userId']);
      return deactivated(account);
    });
  }

  reactivate(userId: string, idempotencyKey: string | undefined): Promise<AccountState> {
    return this.changeOwn(accountRpc.reactivate, userId, idempotencyKey, (account) => account && reactivated(account));
  }

  private async changeOwn(
    contract: OwnCommand,
    userId: string,
    idempotencyKey: string | undefined,
    decide: (account: StoredAccount | undefined) => StoredAccount | undefined,
  ): Promise<AccountState> {
    const state = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, { userId }, async () => {
        const next = decide((await this.accounts.lock(tx, [userId])).get(userId));
        if (next) await this.accounts.change(tx, next);
        return this.state(userId, tx);
      }),
    );
    this.outbox.trigger();
    return state;
  }
}
