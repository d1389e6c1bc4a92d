import { Injectable } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import type { MutedWordList, Relation, userEvent, VisibilityChanges } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { accountVisibilityOf, VisibilityRepository } from '@fowergram/visibility';
import { EndedCoAuthorshipsService } from '../co-authors/ended-co-authorships.service.js';
import { FeedService } from '../feed/feed.service.js';
import { HashtagCountsService } from '../hashtags/hashtag-counts.service.js';

/** Stores who may see whose posts, by the command of whoever waits for it and by the events of the same changes. */
@Injectable()
export class VisibilityService {
  constructor(
    private readonly db: Database,
    private readonly stored: VisibilityRepository,
    private readonly feed: FeedService,
    private readonly hashtagCounts: HashtagCountsService,
    private readonly ended: EndedCoAuthorshipsService,
  ) {}

  /** From the answer on every read decides by these, and the viewers' feeds are made of whom they follow now. */
  async apply(changes: VisibilityChanges): Promise<Record<string, never>> {
    const ends = await this.ended.mayEndByBlocks(changes.relations);
    await this.db.transaction((tx) => this.store(tx, changes, ends));
    await this.hashtagCounts.followFirst(changes.accounts.map(({ userId }) => userId));
    const viewers = new Set(changes.relations.map(({ viewerId }) => viewerId));
    await Promise.all([...viewers].map((viewerId) => this.feed.invalidate(viewerId)));
    return {};
  }

  followAccount(account: Payload<typeof userEvent.accountChanged>, context: EventContext): Promise<void> {
    return this.follow({ relations: [], accounts: [accountVisibilityOf(account)] }, context);
  }

  followRelation(relation: Relation, context: EventContext): Promise<void> {
    return this.follow({ relations: [relation], accounts: [] }, context);
  }

  followMutedWords(mutedWords: MutedWordList, context: EventContext): Promise<void> {
    return this.follow({ relations: [], accounts: [], mutedWords }, context);
  }

  /** A block ends what the two share, in the same moment. */
  private async store(tx: Tx, changes: VisibilityChanges, ends: boolean): Promise<void> {
    await this.stored.apply(tx, changes);
    if (ends) await this.ended.endByBlocks(tx, changes.relations);
  }

  private async follow(changes: VisibilityChanges, context: EventContext): Promise<void> {
    const ends = await this.ended.mayEndByBlocks(changes.relations);
    await this.db.transaction(async (tx) => {
      await this.store(tx, changes, ends);
      await markProcessed(tx, context);
    });
  }
}
