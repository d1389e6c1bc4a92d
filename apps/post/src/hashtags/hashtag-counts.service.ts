import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';
import { HashtagCountsRepository } from './hashtag-counts.repository.js';

const INTERVAL_MS = 1_000;
/** So many uses of hashtags change in one transaction. */
const BATCH_SIZE = 1_000;

/** Keeps the posts of an account that becomes private, public, hidden or shown out of the counts of hashtags, or in them. */
@Injectable()
export class HashtagCountsService {
  constructor(
    private readonly db: Database,
    private readonly counts: HashtagCountsRepository,
  ) {}

  /** The first batch of each, which is all of most; what is left is followed by itself. */
  async followFirst(authorIds: string[]): Promise<void> {
    for (const id of authorIds) await this.followBatch(id);
  }

  @Every(INTERVAL_MS, 'count hashtags as accounts have changed')
  async followAll(signal?: AbortSignal): Promise<void> {
    for (const id of await this.counts.behind())
      while (!signal?.aborted && (await this.followBatch(id)) === BATCH_SIZE);
  }

  private followBatch(authorId: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      await this.counts.lock(tx, authorId);
      const changed = await this.counts.follow(tx, authorId, BATCH_SIZE);
      if (changed < BATCH_SIZE) await this.counts.finish(tx, authorId);
      return changed;
    });
  }
}
