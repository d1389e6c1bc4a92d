import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@fowergram/database';
import { ErasureSteps, StoredMessagesRepository } from '@fowergram/erasure';
import { Outbox } from '@fowergram/outbox';
import { FeedCache } from '../feed/feed.cache.js';
import { ErasuresRepository } from './erasures.repository.js';

/** Erases one user, in batches that are a transaction each: it may end anywhere, and begins again without harm. */
@Injectable()
export class UserErasureService {
  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly steps: ErasureSteps,
    private readonly messages: StoredMessagesRepository,
    private readonly cache: FeedCache,
    private readonly outbox: Outbox,
  ) {}

  /**
   * True when nothing is left of a user who may not write any more; false when another replica is at it, or something has to
   * happen first: a delta is being aggregated, an event published.
   */
  async erase(userId: string, signal: AbortSignal): Promise<boolean> {
    if (!(await this.eraseRows(userId, signal))) return false;
    if (!(await this.db.transaction((tx) => this.isPublished(tx, userId)))) return false;
    // From here on no row that names the user is added anywhere, so a page that has been read stays clean.
    await this.messages.purgeResponses(userId, signal);
    if (!(await this.messages.purgeMessages(userId, signal))) return false;
    await this.cache.invalidate(userId);
    return this.db.transaction((tx) => this.close(tx, userId));
  }

  /** True when no feature has a row left. */
  private async eraseRows(userId: string, signal: AbortSignal): Promise<boolean> {
    const progress = { step: 0 };
    for (;;) {
      signal.throwIfAborted();
      const outcome = await this.steps.eraseBatch(userId, (tx) => this.erasures.lock(tx, userId), progress);
      if (outcome !== 'MORE') return outcome === 'CLEAN';
      this.outbox.trigger();
    }
  }

  /** Asked under the lock: another replica that is at it may have more to publish. */
  private async isPublished(tx: Tx, userId: string): Promise<boolean> {
    return (await this.erasures.lock(tx, userId)) && this.messages.arePublished(tx, userId);
  }

  private async close(tx: Tx, userId: string): Promise<boolean> {
    if (!(await this.erasures.lock(tx, userId))) return false;
    await this.steps.close(tx, userId);
    await this.erasures.setErased(tx, userId);
    return true;
  }
}
