import { Injectable } from '@nestjs/common';
import { badInput, notFound, type Parsed } from '@fowergram/contracts-core';
import { type Post, postRpc } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { type CommentOwners, CommentsRepository } from './comments.repository.js';

type Input = Parsed<typeof postRpc.pinComment>;

/** Lets the author of a post show one comment above all others. */
@Injectable()
export class CommentPinsService {
  constructor(
    private readonly db: Database,
    private readonly comments: CommentsRepository,
    private readonly posts: PostsRepository,
  ) {}

  pin(input: Input, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(postRpc.pinComment, input, idempotencyKey, async (tx, { postId, parentId, isDeleted }) => {
      if (isDeleted) throw notFound('comment', ['id']);
      if (parentId) throw badInput(['id'], 'A reply cannot be pinned: it stands under what it answers.', 'IS_A_REPLY');
      await this.comments.pin(tx, input.id, postId);
    });
  }

  unpin(input: Input, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(postRpc.unpinComment, input, idempotencyKey, (tx, { postId }) =>
      this.comments.unpin(tx, input.id, postId),
    );
  }

  private change(
    contract: typeof postRpc.pinComment | typeof postRpc.unpinComment,
    input: Input,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, comment: CommentOwners) => Promise<void>,
  ): Promise<Post> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        const { id, userId } = input;
        await this.comments.lock(tx, [id]);
        if (!(await this.comments.mayWrite(tx, userId))) throw accountIsDeleted();
        const comment = await this.comments.findOwners(tx, id, userId);
        if (comment?.postAuthorId !== userId) throw notFound('comment', ['id']);
        await effect(tx, comment);
        const [post] = await this.posts.byIds(tx, [comment.postId], userId);
        if (!post) throw notFound('comment', ['id']);
        return post;
      }),
    );
  }
}
