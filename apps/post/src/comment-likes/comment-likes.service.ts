import { Injectable } from '@nestjs/common';
import { notFound, type Page, type Parsed, readingByTime } from '@fowergram/contracts-core';
import { type Comment, postEvent, postRpc } from '@fowergram/contracts-post';
import { Database, readIds, type Tx } from '@fowergram/database';
import { withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { CommentListsService } from '../comments/comment-lists.service.js';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { type CommentLikeChange, type CommentLikeEdge, CommentLikesRepository } from './comment-likes.repository.js';

type Contract = typeof postRpc.likeComment | typeof postRpc.unlikeComment;

@Injectable()
export class CommentLikesService {
  constructor(
    private readonly db: Database,
    private readonly likes: CommentLikesRepository,
    private readonly comments: CommentListsService,
    private readonly outbox: Outbox,
  ) {}

  like(edge: CommentLikeEdge, idempotencyKey: string | undefined): Promise<Comment> {
    return this.change(postRpc.likeComment, edge, idempotencyKey, (tx, at) => this.likes.insert(tx, edge, at));
  }

  unlike(edge: CommentLikeEdge, idempotencyKey: string | undefined): Promise<Comment> {
    return this.change(postRpc.unlikeComment, edge, idempotencyKey, (tx) => this.likes.remove(tx, edge));
  }

  async likers({ commentId, viewerId, ...page }: Parsed<typeof postRpc.commentLikers>): Promise<Page<string>> {
    const likers = await readIds(readingByTime(page), (next) => this.likes.likers(commentId, viewerId, next));
    if (!likers) throw notFound('comment', ['commentId']);
    return likers;
  }

  private async change(
    contract: Contract,
    edge: CommentLikeEdge,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, at: Date) => Promise<CommentLikeChange | undefined>,
  ): Promise<Comment> {
    const comment = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, contract, edge, {
        effect: async () => {
          const mayWrite = await this.likes.lock(tx, edge);
          if (mayWrite === false) throw accountIsDeleted();
          const at = new Date();
          const change = mayWrite && (await effect(tx, at));
          if (!change) throw notFound('comment', ['commentId']);
          if (change.version !== null) await this.record(tx, contract, edge, change, change.version, at);
          return this.getComment(tx, edge);
        },
        see: () => this.getComment(tx, edge),
      }),
    );
    this.outbox.trigger();
    return comment;
  }

  private async getComment(tx: Tx, { commentId, userId }: CommentLikeEdge): Promise<Comment> {
    const comment = await this.comments.find(tx, commentId, userId);
    if (!comment) throw notFound('comment', ['commentId']);
    return comment;
  }

  private async record(
    tx: Tx,
    contract: Contract,
    { commentId, userId }: CommentLikeEdge,
    { postId, postAuthorId, authorId }: CommentLikeChange,
    version: number,
    at: Date,
  ): Promise<void> {
    const fact = { commentId, postId, authorId: postAuthorId, commenterId: authorId, likerId: userId };
    const event = contract === postRpc.likeComment ? postEvent.commentLiked : postEvent.commentUnliked;
    await this.outbox.add(tx, event, { ...fact, version, at: at.toISOString() });
  }
}
