import { Injectable } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import type { hashtagRpc } from '@fowergram/contracts-post';
import { Database } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';
import { MutedWordsRepository } from '@fowergram/visibility';
import { TrendingRepository } from './trending.repository.js';

const RANK_INTERVAL_MS = 60_000;

/**
 * What many use now. An author counts once for a hashtag, by their latest use of it, which counts half as much every twelve hours:
 * one account that posts without end is still one.
 */
@Injectable()
export class TrendingService {
  constructor(
    private readonly db: Database,
    private readonly trends: TrendingRepository,
    private readonly mutedWords: MutedWordsRepository,
  ) {}

  async trending({ viewerId, first }: Parsed<typeof hashtagRpc.trending>): Promise<string[]> {
    const [names, muted] = await Promise.all([
      this.trends.ranked(),
      viewerId === null ? undefined : this.mutedWords.of(viewerId),
    ]);
    return names.filter((name) => !muted?.areIn(`#${name}`)).slice(0, first);
  }

  /** One replica at a time; readers see the ranking of before until this one is whole. */
  @Every(RANK_INTERVAL_MS, 'rank trending hashtags')
  async rank(): Promise<void> {
    await this.db.transaction(async (tx) => {
      if (await this.trends.lock(tx)) await this.trends.rank(tx);
    });
  }
}
