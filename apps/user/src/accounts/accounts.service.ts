import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import { accountRpc, type Standing } from '@fowergram/contracts-user';
import { Database, type Sql } from '@fowergram/database';
import { once } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { CONFIG, type Config } from '../config.js';
import { AccountsRepository } from './accounts.repository.js';
import { type AccountState, deactivated, reactivated, toStanding } from './accounts.rules.js';

type OwnCommand = typeof accountRpc.deactivate | typeof accountRpc.reactivate;

/** What people do to their own account, and what a sign-in asks of it. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async standing(userId: string, sql: Sql = this.db): Promise<Standing> {
    return toStanding(userId, await this.accounts.standing(userId, sql), this.config.SECOND_FACTOR_ROLES);
  }

  async barred({ since, afterId, limit }: Parsed<typeof accountRpc.barred>): Promise<Output<typeof accountRpc.barred>> {
    const accounts = await this.accounts.barred(new Date(since), afterId ?? undefined, limit + 1);
    return { accounts: accounts.slice(0, limit), hasMore: accounts.length > limit };
  }

  deactivate(userId: string, idempotencyKey: string | undefined): Promise<Standing> {
    return this.changeOwn(accountRpc.deactivate, userId, idempotencyKey, (account) => {
      if (!account) throw notFound('user', ['userId']);
      return deactivated(account);
    });
  }

  reactivate(userId: string, idempotencyKey: string | undefined): Promise<Standing> {
    return this.changeOwn(accountRpc.reactivate, userId, idempotencyKey, (account) => account && reactivated(account));
  }

  private async changeOwn(
    contract: OwnCommand,
    userId: string,
    idempotencyKey: string | undefined,
    decide: (account: AccountState | undefined) => AccountState | undefined,
  ): Promise<Standing> {
    const standing = await this.db.transaction((tx) =>
      once(tx, idempotencyKey, contract, { userId }, async () => {
        const next = decide((await this.accounts.lock(tx, [userId])).get(userId));
        if (next) await this.accounts.change(tx, next);
        return this.standing(userId, tx);
      }),
    );
    this.outbox.wake();
    return standing;
  }
}
