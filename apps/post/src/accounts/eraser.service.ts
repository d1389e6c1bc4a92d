import { Injectable } from '@nestjs/common';
import { postEvent } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { eventRow, Outbox } from '@fowergram/outbox';
import { FeedCache } from '../feed/feed.cache.js';
import { ErasedContentRepository } from './erased-content.repository.js';
import { ErasedTracesRepository } from './erased-traces.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';

/** Does a batch of a step; false when it has found nothing more to do. */
type Step = (tx: Tx, userId: string) => Promise<boolean>;

/** Removes one person, in batches that are a transaction each: it may end anywhere, and begins again without harm. */
@Injectable()
export class EraserService {
  private readonly steps: Step[] = [
    (tx, userId) => this.deletePosts(tx, userId),
    (tx, userId) => this.content.removeFromPosts(tx, userId),
    (tx, userId) => this.removeComments(tx, userId),
    (tx, userId) => this.removeLikes(tx, userId),
  ];

  constructor(
    private readonly db: Database,
    private readonly erasures: ErasuresRepository,
    private readonly content: ErasedContentRepository,
    private readonly traces: ErasedTracesRepository,
    private readonly hidden: HiddenAccountsRepository,
    private readonly cache: FeedCache,
    private readonly outbox: Outbox,
  ) {}

  /**
   * True when nothing is left of a person who may not write any more; false when another replica is at it, or something has to
   * happen first: a delta is being folded, an event published.
   */
  async erase(userId: string, signal: AbortSignal): Promise<boolean> {
    for (const step of this.steps) while (await this.batch(userId, signal, step)) this.outbox.trigger();
    if (!(await this.db.transaction((tx) => this.isOver(tx, userId)))) return false;
    // @NOTE From here on no row that names the person is added anywhere, so what has been walked through stays clean.
    await this.walk(signal, (after) => this.traces.forgetAnswers(userId, after));
    await this.walk(signal, (after) => this.traces.forgetMessages(userId, after));
    await this.cache.invalidate(userId);
    return this.db.transaction((tx) => this.close(tx, userId));
  }

  /** A step also ends while another replica is at it: only the lock tells that from having nothing left to do, and to tell others of. */
  private async isOver(tx: Tx, userId: string): Promise<boolean> {
    return (
      (await this.erasures.lock(tx, userId)) &&
      !(await this.content.isLeft(tx, userId)) &&
      this.traces.areSettled(tx, userId)
    );
  }

  private async batch(userId: string, signal: AbortSignal, step: Step): Promise<boolean> {
    signal.throwIfAborted();
    return this.db.transaction(async (tx) => (await this.erasures.lock(tx, userId)) && step(tx, userId));
  }

  private async walk(
    signal: AbortSignal,
    page: (after: string | undefined) => Promise<string | undefined>,
  ): Promise<void> {
    for (let after = await page(undefined); after !== undefined; after = await page(after)) signal.throwIfAborted();
  }

  private async close(tx: Tx, userId: string): Promise<boolean> {
    if (!(await this.erasures.lock(tx, userId))) return false;
    await this.traces.forgetCounter(tx, userId);
    await this.hidden.remove(tx, userId);
    await this.erasures.setErased(tx, userId);
    return true;
  }

  private async deletePosts(tx: Tx, userId: string): Promise<boolean> {
    const ids = await this.content.deletePosts(tx, userId, new Date());
    await this.traces.publish(
      tx,
      ids.map((postId) => eventRow(postEvent.deleted, { postId, authorId: userId })),
    );
    return ids.length > 0;
  }

  private async removeComments(tx: Tx, userId: string): Promise<boolean> {
    const at = new Date().toISOString();
    const { removed, shown } = await this.content.removeComments(tx, userId);
    await this.traces.publish(
      tx,
      shown.map((edge) => eventRow(postEvent.commentDeleted, { ...edge, commenterId: userId, at })),
    );
    return removed > 0;
  }

  private async removeLikes(tx: Tx, userId: string): Promise<boolean> {
    const at = new Date().toISOString();
    const { removed, shown } = await this.content.removeLikes(tx, userId);
    await this.traces.publish(
      tx,
      shown.map((edge) => eventRow(postEvent.unliked, { ...edge, likerId: userId, at })),
    );
    return removed > 0;
  }
}
