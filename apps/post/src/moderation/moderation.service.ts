import { Injectable } from '@nestjs/common';
import type { Parsed, Payload } from '@fowergram/contracts-core';
import type { Comment, moderationRpc, Post } from '@fowergram/contracts-post';
import type { ContentModeration, userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import { markProcessed } from '@fowergram/outbox';
import { PostsRepository } from '../posts/posts.repository.js';
import { ModerationRepository } from './moderation.repository.js';

type Reported = Payload<typeof userEvent.contentReported>;

/** Stores what was reported and what moderators have hidden, by the command of whoever waits for it and by the event of the same. */
@Injectable()
export class ModerationService {
  constructor(
    private readonly db: Database,
    private readonly moderation: ModerationRepository,
    private readonly posts: PostsRepository,
  ) {}

  async hideReported(reported: Reported): Promise<Record<string, never>> {
    await this.db.transaction((tx) => this.hideFromReporter(tx, reported));
    return {};
  }

  async apply(decision: ContentModeration): Promise<Record<string, never>> {
    await this.db.transaction((tx) => this.decide(tx, decision));
    return {};
  }

  async followReport(reported: Reported, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.hideFromReporter(tx, reported);
      await markProcessed(tx, context);
    });
  }

  async followDecision(decision: ContentModeration, context: EventContext): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.decide(tx, decision);
      await markProcessed(tx, context);
    });
  }

  postsForModerators({ ids, viewerId }: Parsed<typeof moderationRpc.posts>): Promise<Post[]> {
    return this.moderation.posts(ids, viewerId);
  }

  commentsForModerators({ ids, viewerId }: Parsed<typeof moderationRpc.comments>): Promise<Comment[]> {
    return this.moderation.comments(ids, viewerId);
  }

  /** Of a post that is being erased, or in the name of a user who is, nothing is stored. */
  private async hideFromReporter(tx: Tx, { reporterId, kind, contentId }: Reported): Promise<void> {
    const postId = await this.moderation.postOf(tx, kind, contentId);
    if (!postId || !(await this.posts.lockShared(tx, postId, reporterId))) return;
    if (!(await this.moderation.postOf(tx, kind, contentId))) return;
    await this.moderation.mark(tx, kind, contentId, postId);
    await this.moderation.hideFrom(tx, reporterId, contentId, postId);
  }

  private async decide(tx: Tx, decision: ContentModeration): Promise<void> {
    const postId = await this.moderation.postOf(tx, decision.kind, decision.contentId);
    if (!postId) return;
    await this.moderation.mark(tx, decision.kind, decision.contentId, postId);
    await this.moderation.setHidden(tx, decision);
  }
}
