import { Injectable } from '@nestjs/common';
import { AppError, notFound, type Parsed } from '@fowergram/contracts-core';
import { type Comment, EDIT_WINDOW_MS, postRpc } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { CommentListsService } from './comment-lists.service.js';
import { requireMayComment } from './may-comment.rules.js';
import { type CommentOwners, CommentsRepository } from './comments.repository.js';

type Input = Parsed<typeof postRpc.updateComment>;

/** Lets users change what they have said, for a while. */
@Injectable()
export class CommentEditsService {
  constructor(
    private readonly db: Database,
    private readonly comments: CommentsRepository,
    private readonly lists: CommentListsService,
    private readonly mentions: MentionsService,
    private readonly outbox: Outbox,
  ) {}

  async update(input: Input, idempotencyKey: string | undefined): Promise<Comment> {
    const mentions = await this.mentions.resolveFirst(input.userId, input.text, {
      contract: postRpc.updateComment,
      input,
      idempotencyKey,
    });
    const comment = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, postRpc.updateComment, input, {
        effect: () => this.edit(tx, input, mentions),
        see: () => this.seenComment(tx, input),
      }),
    );
    this.outbox.trigger();
    return comment;
  }

  private async edit(tx: Tx, { id, userId, text }: Input, mentions: Mention[]): Promise<Comment> {
    await this.comments.lock(tx, [id]);
    if (!(await this.comments.mayWrite(tx, userId))) throw accountIsDeleted();
    const owners = await this.comments.findOwners(tx, id, userId);
    if (owners?.authorId !== userId || owners.isDeleted) throw notFound('comment', ['id']);
    const at = new Date();
    requireInTime(owners, at);
    const post = await this.comments.findPost(tx, owners.postId, userId);
    if (!post) throw notFound('comment', ['id']);
    requireMayComment(post, ['id']);
    await this.comments.edit(tx, id, text, at);
    const content = { postId: owners.postId, authorId: owners.postAuthorId, commentId: id, mentionerId: userId };
    await this.mentions.store(tx, content, text, mentions);
    return this.seenComment(tx, { id, userId });
  }

  private async seenComment(tx: Tx, { id, userId }: Pick<Input, 'id' | 'userId'>): Promise<Comment> {
    const comment = await this.lists.find(tx, id, userId);
    if (!comment) throw notFound('comment', ['id']);
    return comment;
  }
}

function requireInTime({ createdAt }: CommentOwners, at: Date): void {
  if (at.getTime() > createdAt.getTime() + EDIT_WINDOW_MS)
    throw new AppError('CONFLICT', 'A comment can be changed for 15 minutes.', {
      path: ['id'],
      reason: 'EDIT_WINDOW_OVER',
    });
}
