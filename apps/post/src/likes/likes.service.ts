import { Injectable } from '@nestjs/common';
import { notFound, type Page, type Parsed, readingByTime } from '@fowergram/contracts-core';
import { type Post, postEvent, postRpc } from '@fowergram/contracts-post';
import { Database, readIds, type Tx } from '@fowergram/database';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { PostAnswersService } from '../posts/post-answers.service.js';
import { type LikeChange, type LikeEdge, LikesRepository } from './likes.repository.js';

@Injectable()
export class LikesService {
  constructor(
    private readonly db: Database,
    private readonly likes: LikesRepository,
    private readonly answers: PostAnswersService,
    private readonly outbox: Outbox,
  ) {}

  like(edge: LikeEdge, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(postRpc.like, edge, idempotencyKey, (tx, at) => this.likes.insert(tx, edge, at));
  }

  unlike(edge: LikeEdge, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(postRpc.unlike, edge, idempotencyKey, (tx) => this.likes.remove(tx, edge));
  }

  async likers({ postId, viewerId, ...page }: Parsed<typeof postRpc.likers>): Promise<Page<string>> {
    const likers = await readIds(readingByTime(page), (next) => this.likes.likers(postId, viewerId, next));
    if (!likers) throw notFound('post', ['postId']);
    return likers;
  }

  private async change(
    contract: typeof postRpc.like | typeof postRpc.unlike,
    edge: LikeEdge,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, at: Date) => Promise<LikeChange | undefined>,
  ): Promise<Post> {
    const post = await this.db.transaction((tx) =>
      this.answers.answer(tx, idempotencyKey, contract, edge, async () => {
        if (!(await this.likes.lock(tx, edge))) throw accountIsDeleted();
        const at = new Date();
        const change = await effect(tx, at);
        if (!change) throw notFound('post', ['postId']);
        if (change.version !== null) await this.record(tx, contract, edge, change.authorId, change.version, at);
      }),
    );
    this.outbox.trigger();
    return post;
  }

  private async record(
    tx: Tx,
    contract: typeof postRpc.like | typeof postRpc.unlike,
    edge: LikeEdge,
    authorId: string,
    version: number,
    at: Date,
  ): Promise<void> {
    const fact = { postId: edge.postId, authorId, likerId: edge.userId, version, at: at.toISOString() };
    await this.outbox.add(tx, contract === postRpc.like ? postEvent.liked : postEvent.unliked, fact);
  }
}
