import { Injectable } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { notificationPush } from '@fowergram/contracts-notification';
import type { MutedWordList, Relation, userEvent, VisibilityChanges } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { Bus, type EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { accountVisibilityOf, VisibilityRepository } from '@fowergram/visibility';
import { NotificationsRepository } from '../notifications/notifications.repository.js';
import { PushesRepository, type Silence } from './pushes.repository.js';

/** Stores whose likes, comments and follows a recipient is notified of, by the command of whoever waits for it and by events. */
@Injectable()
export class VisibilityService {
  constructor(
    private readonly db: Database,
    private readonly stored: VisibilityRepository,
    private readonly notifications: NotificationsRepository,
    private readonly pushes: PushesRepository,
    private readonly bus: Bus,
  ) {}

  /** From the answer on every list, count and push decides by these. */
  async apply(changes: VisibilityChanges): Promise<Record<string, never>> {
    await this.db.transaction((tx) => this.store(tx, changes));
    this.signalSilence(changes);
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
      await this.store(tx, changes);
      await markProcessed(tx, context);
    });
    this.signalSilence(changes);
  }

  /** Before the answer: on the way to a gateway this overtakes nothing that was pushed before, and the answer does not overtake it. */
  private signalSilence({ relations }: VisibilityChanges): void {
    for (const recipientId of new Set(relations.filter(isSilence).map(({ viewerId }) => viewerId)))
      this.bus.push(recipientId, notificationPush.added, { hearsLess: true });
  }

  /** What is being written for recipients who hear less now is waited for, so that no push of it is left to be sent. */
  private async store(tx: Tx, changes: VisibilityChanges): Promise<void> {
    const silences = changes.relations.filter(isSilence).map(toSilence);
    if (silences.length > 0)
      await this.notifications.lockRecipients(
        tx,
        silences.map(({ recipientId }) => recipientId),
      );
    await this.stored.apply(tx, changes);
    if (silences.length > 0) await this.pushes.withdraw(tx, silences);
  }
}

const isSilence = ({ blocked, reported, notificationsMutedUntil }: Relation): boolean =>
  blocked || reported || notificationsMutedUntil !== null;

const toSilence = ({ viewerId, authorId }: Relation): Silence => ({ recipientId: viewerId, actorId: authorId });
