import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { Outbox } from '@fowergram/outbox';
import { Every } from '@fowergram/service-kit';
import { AccountsRepository } from './accounts.repository.js';
import { released } from './accounts.rules.js';

const LIFT_INTERVAL_MS = 1_000;
const BATCH_SIZE = 100;

/** Publishes the end of suspensions that have expired; reads treat such an account as ACTIVE already. */
@Injectable()
export class SuspensionsService {
  constructor(
    private readonly db: Database,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
  ) {}

  @Every(LIFT_INTERVAL_MS, 'lift suspensions')
  async liftAll(): Promise<void> {
    let lifted: number;
    do {
      lifted = await this.db.transaction((tx) => this.liftSome(tx));
      if (lifted > 0) this.outbox.trigger();
    } while (lifted === BATCH_SIZE);
  }

  private async liftSome(tx: Tx): Promise<number> {
    const expired = await this.accounts.lockExpired(tx, BATCH_SIZE);
    for (const account of expired) await this.accounts.change(tx, released(account));
    return expired.length;
  }
}
