import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { accountRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { type ErasureOutcome, type ErasureProgress, ErasureSteps } from '@fowergram/erasure';
import { Bus } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { ErasureRepository } from './erasure.repository.js';

const POLL_INTERVAL_MS = 1_000;
const PURGE_INTERVAL_MS = 60 * 60_000;

/** Erases what is kept of deleted accounts, as long as it takes and whichever process began with it, and reports when nothing is left. */
@Injectable()
export class ErasureService implements OnModuleDestroy {
  private stopping = false;

  constructor(
    private readonly db: Database,
    private readonly erasures: ErasureRepository,
    private readonly steps: ErasureSteps,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleDestroy(): void {
    this.stopping = true;
  }

  @Every(PURGE_INTERVAL_MS, 'purge erased accounts')
  purge(): Promise<void> {
    return this.erasures.purge();
  }

  /** Notes that a user is gone: from its commit on nothing of them is written any more, and what there is will be erased. */
  begin(userId: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.erasures.lockUser(tx, userId);
      await this.erasures.addTombstone(tx, userId);
    });
  }

  /** Erases what is due; an erasure that fails is due again in a minute. */
  @Every(POLL_INTERVAL_MS, 'erase deleted accounts')
  async work(): Promise<void> {
    for (let userId = await this.erasures.claim(); userId && !this.stopping; userId = await this.erasures.claim())
      await this.erase(userId);
  }

  private async erase(userId: string): Promise<void> {
    await this.eraseRows(userId);
    await this.erasePushes(userId);
    await this.erasures.eraseAnswers(userId);
    await this.bus.call(accountRpc.erasureDone, { userId, part: 'notification' });
    await this.erasures.finish(userId);
    this.log.info({ userId }, 'account erased');
  }

  /** The claim on the user is the lock: nobody else takes them meanwhile, and rows that are held are waited for. */
  private async eraseRows(userId: string): Promise<void> {
    const progress: ErasureProgress = { step: 0 };
    let outcome: ErasureOutcome;
    do {
      outcome = await this.steps.eraseBatch(userId, () => Promise.resolve(true), progress);
      this.goOn();
    } while (outcome !== 'CLEAN');
    await this.db.transaction((tx) => this.steps.close(tx, userId));
  }

  private async erasePushes(userId: string): Promise<void> {
    for (let last = await this.erasures.erasePushes(userId); last; last = await this.erasures.erasePushes(userId, last))
      this.goOn();
  }

  private goOn(): void {
    if (this.stopping) throw new Error('The process is stopping; another one goes on.');
  }
}
