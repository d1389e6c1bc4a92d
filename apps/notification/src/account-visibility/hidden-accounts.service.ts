import { Injectable } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import type { userEvent } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';

/** Stores the visibility of accounts: what an account that is not ACTIVE did is neither listed nor counted. */
@Injectable()
export class HiddenAccountsService {
  constructor(
    private readonly db: Database,
    private readonly hidden: HiddenAccountsRepository,
  ) {}

  async follow(
    { userId, status, version }: Payload<typeof userEvent.accountChanged>,
    context: EventContext,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.hidden.lockShared(tx, userId);
      await this.hidden.set(tx, { userId, version, hidden: status !== 'ACTIVE' });
      await markProcessed(tx, context);
    });
  }
}
