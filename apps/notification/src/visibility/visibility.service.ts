import { Injectable } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import type { MutedWordList, Relation, userEvent, VisibilityChanges } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { accountVisibilityOf, VisibilityRepository } from '@fowergram/visibility';

/** Stores whose likes, comments and follows a recipient is notified of, by the command of whoever waits for it and by events. */
@Injectable()
export class VisibilityService {
  constructor(
    private readonly db: Database,
    private readonly stored: VisibilityRepository,
  ) {}

  /** From the answer on every list and count decides by these. */
  async apply(changes: VisibilityChanges): Promise<Record<string, never>> {
    await this.db.transaction((tx) => this.stored.apply(tx, changes));
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

  private async follow(changes: VisibilityChanges, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.stored.apply(tx, changes);
      await markProcessed(tx, context);
    });
  }
}
