import { Injectable } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { notificationPush } from '@fowergram/contracts-notification';
import type { postEvent } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import { markProcessed, Outbox } from '@fowergram/outbox';
import { KeyedBatches } from './keyed-batches.js';
import { toEdge } from './notification-rows.repository.js';
import { type ReceivedChange, NotificationsRepository, type ShownRow } from './notifications.repository.js';
import { commentChange, type EdgeChange, isOwnAction, replyChange, repostChange } from './notifications.rules.js';
import { RepostsRepository } from './reposts.repository.js';

/** How what was said about something is hidden. */
interface Hiding {
  tombstone: (tx: Tx) => Promise<void>;
  /** True when there may be more of it. */
  hideSome: (tx: Tx) => Promise<boolean>;
}

/** Keeps notifications equal to the edges that the events report, in whatever order and however often they arrive. */
@Injectable()
export class NotificationsService {
  private readonly batches = new KeyedBatches<ReceivedChange>((changes) => this.apply(changes));

  constructor(
    private readonly db: Database,
    private readonly notifications: NotificationsRepository,
    private readonly reposts: RepostsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Shows or hides the notification of an edge; what is shown for the first time is pushed, after the commit. */
  async record(change: EdgeChange, context: EventContext): Promise<void> {
    if (isOwnAction(change)) await markProcessed(this.db, context);
    else await this.batches.add(change.recipientId, { change, context });
  }

  /** Does so for each of several edges that one event is about. The inbox knows each by its place, since they are no one transaction. */
  async recordEach(changes: EdgeChange[], context: EventContext): Promise<void> {
    const recordOne = (change: EdgeChange, place: number) =>
      this.record(change, { ...context, consumer: `${context.consumer}/${change.kind}/${place}` });
    await Promise.all(changes.map(recordOne));
  }

  /** Does so of a repost, and remembers what it passes on, which decides about what will be said about it. */
  async recordRepost(fact: Payload<typeof postEvent.reposted>, context: EventContext): Promise<void> {
    const { repostId } = fact;
    const change = repostChange(fact, true);
    if (repostId)
      await this.db.transaction(async (tx) => {
        await this.notifications.lockEdges(tx, [change]);
        await this.notifications.lockSubject(tx, repostId);
        await this.reposts.store(tx, { ...fact, repostId });
      });
    await this.record(change, context);
  }

  /** Hides what was said about a post, or shows it again: reads look at the post, and no row of a notification changes. */
  async followPost(change: Payload<typeof postEvent.stateChanged>, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.notifications.setPostHidden(tx, change.postId, change.version, change.state !== 'PUBLISHED');
      await markProcessed(tx, context);
    });
  }

  /** Hides what was said about a post that is gone, and remembers the post so that what arrives late stays hidden too. */
  async hidePost({ postId }: Payload<typeof postEvent.deleted>, context: EventContext): Promise<void> {
    await this.hide(postId, context, {
      tombstone: async (tx) => {
        await this.notifications.tombstonePost(tx, postId);
        await this.reposts.remove(tx, postId);
      },
      hideSome: (tx) => this.notifications.hideSomeOfPost(tx, postId),
    });
  }

  /** Hides a comment, and who likes it, in the same way. */
  async hideComment(fact: Payload<typeof postEvent.commentDeleted>, context: EventContext): Promise<void> {
    const { commentId, commenterId, answeredId } = fact;
    const changes = [commentChange(fact, false)];
    if (answeredId) changes.push(replyChange(fact, answeredId, false));
    await this.recordEach(changes, context);
    await this.hide(commentId, context, {
      tombstone: (tx) => this.notifications.tombstoneComment(tx, commentId),
      hideSome: (tx) => this.notifications.hideSomeLikesOf(tx, commentId, commenterId),
    });
  }

  private async apply(changes: ReceivedChange[]): Promise<void> {
    const isPushing = await this.db.transaction(async (tx) => {
      await this.notifications.lockEdges(
        tx,
        changes.map(({ change }) => change),
      );
      const shown = await this.notifications.store(tx, changes);
      if (shown.length > 0) await this.outbox.addPushes(tx, notificationPush.added, shown.map(pushOf));
      return shown.length > 0;
    });
    if (isPushing) this.outbox.trigger();
  }

  // @NOTE What is popular has too many rows for one statement: the event counts as processed with the last batch of them.
  private async hide(subjectId: string, context: EventContext, steps: Hiding): Promise<void> {
    while (await this.db.transaction((tx) => this.hideBatch(tx, subjectId, context, steps)));
  }

  private async hideBatch(tx: Tx, subjectId: string, context: EventContext, steps: Hiding): Promise<boolean> {
    await this.notifications.lockSubject(tx, subjectId);
    await steps.tombstone(tx);
    if (await steps.hideSome(tx)) return true;
    await markProcessed(tx, context);
    return false;
  }
}

const pushOf = (row: ShownRow) => ({ userId: row.recipientId, payload: toEdge(row), correlationId: row.correlationId });
