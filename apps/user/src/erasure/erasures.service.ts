import { Injectable } from '@nestjs/common';
import { notFound, type Parsed } from '@fowergram/contracts-core';
import { accountRpc, type Erasure, userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { deleted } from '../accounts/accounts.rules.js';
import { UsernamesRepository } from '../profiles/usernames.repository.js';
import { ErasureRunnerService } from './erasure-runner.service.js';
import { ErasuresRepository } from './erasures.repository.js';

@Injectable()
export class ErasuresService {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly accounts: AccountsRepository,
    private readonly usernames: UsernamesRepository,
    private readonly runner: ErasureRunnerService,
    private readonly outbox: Outbox,
  ) {}

  async delete(input: Parsed<typeof accountRpc.delete>, idempotencyKey: string | undefined): Promise<Erasure> {
    const { userId } = input;
    const erasure = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, accountRpc.delete, input, async () => {
        await this.accounts.lockIdentity(tx, userId);
        if (!(await this.accounts.isDeleted(tx, userId))) await this.begin(tx, userId);
        return (await this.erasures.ofUser(tx, userId))!;
      }),
    );
    this.outbox.trigger();
    this.runner.trigger();
    return erasure;
  }

  /** Tells all services of the deletion once more, whoever has confirmed it. */
  async resume(userId: string): Promise<Erasure> {
    const erasure = await this.db.transaction(async (tx) => {
      if (!(await this.erasures.announce(tx, userId))) throw notFound('open erasure', ['userId']);
      await this.outbox.add(tx, userEvent.accountDeleted, { userId });
      return (await this.erasures.ofUser(tx, userId))!;
    });
    this.outbox.trigger();
    this.runner.trigger();
    return erasure;
  }

  async ofUser(userId: string): Promise<Erasure | null> {
    return (await this.erasures.ofUser(this.db, userId)) ?? null;
  }

  countOpen(): Promise<number> {
    return this.erasures.countOpen();
  }

  async erasure({ id }: Parsed<typeof accountRpc.erasure>): Promise<Erasure | null> {
    return (await this.erasures.byId(id)) ?? null;
  }

  async done({ userId, part }: Parsed<typeof accountRpc.erasureDone>): Promise<Record<string, never>> {
    const known = await this.db.transaction((tx) => this.erasures.markDone(tx, userId, part));
    if (!known) throw notFound('erasure', ['userId']);
    return {};
  }

  private async begin(tx: Tx, userId: string): Promise<void> {
    const account = (await this.accounts.lock(tx, [userId])).get(userId);
    if (account) await this.usernames.hold(tx, account.username);
    const version = account
      ? (await this.accounts.change(tx, deleted(account))).version
      : await this.tellOfNoProfile(tx, userId);
    await this.erasures.insert(tx, userId, version);
    await this.outbox.add(tx, userEvent.accountDeleted, { userId });
  }

  /** An account that never got its profile has sessions all the same, which must end. */
  private async tellOfNoProfile(tx: Tx, userId: string): Promise<number> {
    const version = 1;
    await this.outbox.add(tx, userEvent.accountChanged, {
      userId,
      role: 'USER',
      status: 'DELETED',
      isPrivate: false,
      version,
      at: new Date().toISOString(),
    });
    return version;
  }
}
