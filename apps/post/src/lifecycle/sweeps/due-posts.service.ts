import { Inject, Injectable } from '@nestjs/common';
import { AppError, mentionsOf } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { eventRow, Outbox } from '@fowergram/outbox';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { InvitationsService } from '../../co-authors/invitations.service.js';
import { MentionsService } from '../../mentions/mentions.service.js';
import { mentioningOf } from '../../posts/posts.rules.js';
import { MediaClaimsService } from '../../posts/media-claims.service.js';
import { DuePostMetricsService } from './due-post-metrics.service.js';
import { type DuePost, DuePostsRepository } from './due-posts.repository.js';

/** Much less than the five seconds within which a scheduled post goes out. */
export const POLL_INTERVAL_MS = 1_000;
const BATCH_SIZE = 100;
/** How soon a post is looked at again whose media are still processed. */
const RETRY_SECONDS = 1;

/**
 * Publishes scheduled posts when their time has come. A post is published under the lock that its author's changes take, in one
 * transaction with its event: so it goes out once, whichever replica does it and whoever is killed meanwhile.
 */
@Injectable()
export class DuePostsService {
  constructor(
    private readonly db: Database,
    private readonly due: DuePostsRepository,
    private readonly claims: MediaClaimsService,
    private readonly mentions: MentionsService,
    private readonly invitations: InvitationsService,
    private readonly outbox: Outbox,
    private readonly metrics: DuePostMetricsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @Every(POLL_INTERVAL_MS, 'publish scheduled posts')
  async publishDue(): Promise<void> {
    for (let taken = BATCH_SIZE; taken === BATCH_SIZE;) {
      const posts = await this.due.take(BATCH_SIZE);
      taken = posts.length;
      const areReady = await Promise.all(posts.map((post) => this.isReady(post)));
      await this.publish(posts.filter((_, index) => areReady[index]));
    }
  }

  private async publish(posts: DuePost[]): Promise<void> {
    if (posts.length === 0) return;
    const at = await this.db.transaction((tx) => this.publishIn(tx, posts));
    this.metrics.published(posts, at);
    this.outbox.trigger();
  }

  /** Answers when those that went out did so. */
  private async publishIn(tx: Tx, posts: DuePost[]): Promise<Map<string, Date>> {
    const ids = await this.due.lock(tx, posts);
    const createdAt = new Date();
    const published = await this.due.publish(tx, ids, createdAt);
    const facts = published.map(({ id, authorId }) => ({ postId: id, authorId, createdAt: createdAt.toISOString() }));
    await this.outbox.addAll(
      tx,
      facts.map((fact) => eventRow(postEvent.created, fact)),
    );
    for (const post of published)
      if (mentionsOf(post.caption).length > 0) await this.mentions.notify(tx, mentioningOf(post), post.caption);
    const publishedIds = published.map(({ id }) => id);
    await this.invitations.send(tx, publishedIds, createdAt);
    return new Map(publishedIds.map((id) => [id, createdAt]));
  }

  /** Media that were READY stay so; the others are asked for, once for each time that the post is due. */
  private async isReady(post: DuePost): Promise<boolean> {
    if (!post.awaitsMedia) return true;
    try {
      const areReady = await this.claims.claim(post, () => ['id']);
      await (areReady ? this.due.setReady(post) : this.due.postpone(post.id, RETRY_SECONDS));
      return areReady;
    } catch (error) {
      await this.giveUp(post, error);
      return false;
    }
  }

  /** Whatever is out of reach is tried again when the lease ends. */
  private async giveUp(post: DuePost, error: unknown): Promise<void> {
    const isFinal = error instanceof AppError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND');
    if (isFinal)
      await this.due.takeBack(post, error.details.reason === 'MEDIA_NOT_READY' ? 'MEDIA_REJECTED' : 'MEDIA_GONE');
    else this.log.warn({ err: error, postId: post.id }, 'scheduled post not published yet');
  }
}
