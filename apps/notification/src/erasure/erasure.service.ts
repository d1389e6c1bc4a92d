import { Inject, Injectable } from '@nestjs/common';
import { accountRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { type ErasureOutcome, type ErasureProgress, ErasureSteps, StoredMessagesRepository } from '@fowergram/erasure';
import { Bus } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { ErasureRepository } from './erasure.repository.js';

const POLL_INTERVAL_MS = 1_000;
const PURGE_INTERVAL_MS = 60 * 60_000;

/** Erases what is kept of deleted accounts, as long as it takes and whichever process began with it, and reports when nothing is left. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasureRepository,
    private readonly steps: ErasureSteps,
    private readonly messages: StoredMessagesRepository,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

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
  async work(signal: AbortSignal): Promise<void> {
    let userId: string | undefined;
    while (!signal.aborted && (userId = await this.erasures.claim())) await this.erase(userId, signal);
  }

  private async erase(userId: string, signal: AbortSignal): Promise<void> {
    await this.eraseRows(userId, signal);
    await this.messages.withdrawMessages(userId, signal);
    await this.messages.purgeResponses(userId, signal);
    await this.bus.call(accountRpc.erasureDone, { userId, part: 'notification' });
    await this.erasures.finish(userId);
    this.log.info({ userId }, 'account erased');
  }

  /** The claim on the user is the lock: nobody else takes them meanwhile, and rows that are held are waited for. */
  private async eraseRows(userId: string, signal: AbortSignal): Promise<void> {
    const progress: ErasureProgress = { step: 0 };
    let outcome: ErasureOutcome;
    do {
      outcome = await this.steps.eraseBatch(userId, () => Promise.resolve(true), progress);
      signal.throwIfAborted();
    } while (outcome !== 'CLEAN');
    await this.db.transaction((tx) => this.steps.close(tx, userId));
  }
}
