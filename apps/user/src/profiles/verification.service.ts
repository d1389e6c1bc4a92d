import { Injectable } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type Account, accountRpc, userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { requireAccount, requireAdmin, requireModerator, toAccount } from '../accounts/accounts.rules.js';
import { ProfilesRepository } from './profiles.repository.js';

type Verification = Parsed<typeof accountRpc.setVerified>;

/** The mark by which administrators say that an account is of whom it says; each change of it is recorded with its reason. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly profiles: ProfilesRepository,
    private readonly outbox: Outbox,
  ) {}

  async setVerified(input: Verification, idempotencyKey: string | undefined): Promise<Account> {
    const account = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, accountRpc.setVerified, input, async () => {
        const locked = await this.accounts.lock(tx, [input.moderatorId, input.userId]);
        const actor = requireModerator(locked.get(input.moderatorId));
        const target = requireAccount(locked.get(input.userId));
        requireAdmin(actor, target);
        await this.save(tx, input);
        return toAccount(target);
      }),
    );
    this.outbox.trigger();
    return account;
  }

  private async save(tx: Tx, { moderatorId, userId, isVerified, reason }: Verification): Promise<void> {
    if (!(await this.profiles.setVerified(tx, userId, isVerified))) return;
    const action = isVerified ? 'VERIFY' : 'END_VERIFICATION';
    await this.accounts.recordAction(tx, { moderatorId, userId, action, reason, until: null });
    await this.outbox.add(tx, userEvent.profileUpdated, { userId });
  }
}
