import { Injectable } from '@nestjs/common';
import { notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import { type Comment, postEvent, postRpc } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, newId, type Tx } from '@fowergram/database';
import { withIdempotency, withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { MutedWordsRepository } from '@fowergram/visibility';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { requireMayComment } from './may-comment.rules.js';
import {
  type AnsweredComment,
  type CommentedPost,
  type CommentOwners,
  CommentsRepository,
  type NewComment,
} from './comments.repository.js';

type CreateInput = Parsed<typeof postRpc.createComment>;

@Injectable()
export class CommentsService {
  constructor(
    private readonly db: Database,
    private readonly comments: CommentsRepository,
    private readonly posts: PostsRepository,
    private readonly mutedWords: MutedWordsRepository,
    private readonly mentions: MentionsService,
    private readonly outbox: Outbox,
  ) {}

  async create(input: CreateInput, idempotencyKey: string | undefined): Promise<Comment> {
    const mentions = await this.mentions.resolveFirst(input.authorId, input.text, {
      contract: postRpc.createComment,
      input,
      idempotencyKey,
    });
    const comment = await this.db.transaction((tx) =>
      withIdempotencyWhileSeen(tx, idempotencyKey, postRpc.createComment, input, {
        effect: () => this.insert(tx, input, mentions),
        see: () => this.seenPost(tx, input),
      }),
    );
    this.outbox.trigger();
    return comment;
  }

  async delete(
    input: Parsed<typeof postRpc.deleteComment>,
    idempotencyKey: string | undefined,
  ): Promise<Output<typeof postRpc.deleteComment>> {
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, postRpc.deleteComment, input, async () => {
        const { postId, topId } = await this.remove(tx, input);
        return { deleted: true, postId, topId };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  private async insert(
    tx: Tx,
    { postId, authorId, text, parentId }: CreateInput,
    mentions: Mention[],
  ): Promise<Comment> {
    if (!(await this.posts.lockShared(tx, postId, authorId))) throw accountIsDeleted();
    const post = await this.seenPost(tx, { postId, authorId });
    requireMayComment(post, ['postId']);
    const parent = parentId ? await this.findAnswered(tx, postId, parentId, authorId) : undefined;
    const place = { parentId: parentId ?? null, topId: parent?.topId ?? null };
    const comment = { id: newId(), postId, authorId, text, ...place, createdAt: new Date() };
    const version = await this.comments.insert(tx, comment);
    await this.publish(tx, comment, version, post, parent);
    const content = { postId, authorId: post.authorId, commentId: comment.id, mentionerId: authorId };
    if (mentions.length > 0) await this.mentions.store(tx, content, text, mentions);
    return asCreated(comment);
  }

  private async seenPost(
    tx: Tx,
    { postId, authorId }: Pick<CreateInput, 'postId' | 'authorId'>,
  ): Promise<CommentedPost> {
    const post = await this.comments.findPost(tx, postId, authorId);
    if (!post) throw notFound('post', ['postId']);
    return post;
  }

  /** The comment to answer, which is kept from being deleted until the transaction ends, as is the one that both hang under. */
  private async findAnswered(tx: Tx, postId: string, parentId: string, viewerId: string): Promise<AnsweredComment> {
    const topId = await this.comments.topOf(tx, parentId, postId);
    if (!topId) throw notFound('comment', ['parentId']);
    await this.comments.lockShared(tx, [topId, parentId]);
    const parent = await this.comments.findAnswered(tx, parentId, viewerId);
    if (!parent) throw notFound('comment', ['parentId']);
    return parent;
  }

  private async publish(
    tx: Tx,
    { id, postId, authorId, text, createdAt }: NewComment,
    version: number,
    post: CommentedPost,
    parent: AnsweredComment | undefined,
  ): Promise<void> {
    const isMutedBy = async (userId: string, mutesWords: boolean): Promise<boolean> =>
      mutesWords && ((await this.mutedWords.of(userId, tx))?.areIn(text) ?? false);
    // The author of the post hears of every comment, and of a reply to themselves once.
    const answered = parent?.authorSees && parent.authorId !== post.authorId ? parent : undefined;
    await this.outbox.add(tx, postEvent.commented, {
      commentId: id,
      postId,
      authorId: post.authorId,
      commenterId: authorId,
      isMuted: await isMutedBy(post.authorId, post.authorMutesWords),
      answered: answered && {
        userId: answered.authorId,
        isMuted: await isMutedBy(answered.authorId, answered.authorMutesWords),
      },
      version,
      at: createdAt.toISOString(),
    });
  }

  private async remove(tx: Tx, { id, userId }: Parsed<typeof postRpc.deleteComment>): Promise<CommentOwners> {
    const known = await this.comments.findOwners(tx, id, userId);
    await this.comments.lock(tx, threadOf(id, known));
    if (!(await this.comments.mayWrite(tx, userId))) throw accountIsDeleted();
    const owners = await this.comments.findOwners(tx, id, userId);
    if (!owners || !mayDelete(owners, userId)) throw notFound('comment', ['id']);
    if (owners.isDeleted) return owners;
    const at = new Date();
    const version = await this.comments.remove(tx, id, at);
    if (version === undefined) throw notFound('comment', ['id']);
    await this.comments.removePlaceholders(tx, threadOf(id, owners));
    await this.outbox.add(tx, postEvent.commentDeleted, {
      commentId: id,
      postId: owners.postId,
      authorId: owners.postAuthorId,
      commenterId: owners.authorId,
      answeredId: owners.answeredId,
      version,
      at: at.toISOString(),
    });
    const { postId, postAuthorId, authorId } = owners;
    await this.mentions.remove(tx, { postId, authorId: postAuthorId, commentId: id, mentionerId: authorId });
    return owners;
  }
}

/** The comment, the one that it answers, and the one that both hang under. */
const threadOf = (id: string, owners: CommentOwners | undefined): string[] =>
  [id, owners?.parentId, owners?.topId].filter((other) => other != null);

const mayDelete = ({ authorId, postAuthorId }: CommentOwners, userId: string): boolean =>
  userId === authorId || userId === postAuthorId;

function asCreated({ createdAt, ...comment }: NewComment): Comment {
  return {
    ...comment,
    isDeleted: false,
    isMuted: false,
    likeCount: 0,
    viewerHasLiked: false,
    replyCount: 0,
    createdAt: createdAt.toISOString(),
    editedAt: null,
  };
}
