import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodePosition,
  type Edge,
  encodePosition,
  NEWEST,
  notFound,
  type Output,
  type Page,
  type Parsed,
  toPage,
} from '@fowergram/contracts-core';
import { type Comment, type CommentsOfPost, postEvent, postRpc } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, newId, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { MutedWordsRepository } from '@fowergram/visibility';
import { PostsRepository } from '../posts/posts.repository.js';
import type { ReadComments } from './comment-rows.repository.js';
import { type CommentOwners, CommentsRepository } from './comments.repository.js';

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
    const mentions = await this.mentions.resolve(input.authorId, input.text);
    const comment = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, postRpc.createComment, input, () => this.insert(tx, input, mentions)),
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
        const postId = await this.remove(tx, input);
        return { deleted: true, postId };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  async ofPost({ postId, viewerId, first, after }: Parsed<typeof postRpc.comments>): Promise<Page<Comment>> {
    const stored = await this.comments.ofPost(postId, viewerId, after ? decodePosition(after) : NEWEST, first + 1);
    if (!stored) throw notFound('post', ['postId']);
    return toPage(await this.marked(stored, viewerId), first, toEdge);
  }

  async ofPosts({ postIds, viewerId, first }: Parsed<typeof postRpc.commentsOfPosts>): Promise<CommentsOfPost[]> {
    const stored = await this.comments.newestOf(postIds, viewerId, first + 1);
    const lists = new Map<string, Comment[]>(postIds.map((postId) => [postId, []]));
    for (const comment of await this.marked(stored, viewerId)) lists.get(comment.postId)?.push(comment);
    return [...lists]
      .filter(([, comments]) => comments.length > 0)
      .map(([postId, comments]) => ({ postId, page: toPage(comments, first, toEdge) }));
  }

  async byIds({ ids, viewerId }: Parsed<typeof postRpc.commentsByIds>): Promise<Comment[]> {
    return this.marked(await this.comments.byIds(ids, viewerId), viewerId);
  }

  /** Marks what others have said with a word that the viewer has muted: left out, it would leave a hole in the conversation. */
  private async marked({ comments, mutesWords }: ReadComments, viewerId: string | null): Promise<Comment[]> {
    const words = viewerId !== null && mutesWords ? await this.mutedWords.of(viewerId) : undefined;
    return comments.map((comment) => ({
      ...comment,
      isMuted: words !== undefined && comment.authorId !== viewerId && words.areIn(comment.text),
    }));
  }

  private async insert(tx: Tx, { postId, authorId, text }: CreateInput, mentions: Mention[]): Promise<Comment> {
    if (!(await this.posts.lockShared(tx, postId, authorId))) throw accountIsDeleted();
    const post = await this.comments.findPost(tx, postId, authorId);
    if (!post) throw notFound('post', ['postId']);
    if (post.commentsDisabled) {
      throw new AppError('FORBIDDEN', 'Comments on this post are turned off.', {
        path: ['postId'],
        reason: 'COMMENTS_DISABLED',
      });
    }
    const comment = { id: newId(), postId, authorId, text, createdAt: new Date() };
    const version = await this.comments.insert(tx, comment);
    const answer = { ...comment, isMuted: false, createdAt: comment.createdAt.toISOString() };
    const words = post.authorMutesWords ? await this.mutedWords.of(post.authorId, tx) : undefined;
    await this.outbox.add(tx, postEvent.commented, {
      commentId: comment.id,
      postId,
      authorId: post.authorId,
      commenterId: authorId,
      isMuted: words !== undefined && words.areIn(text),
      version,
      at: answer.createdAt,
    });
    if (mentions.length > 0) {
      const content = { postId, authorId: post.authorId, commentId: comment.id, mentionerId: authorId };
      await this.mentions.store(tx, content, text, mentions);
    }
    return answer;
  }

  /** Answers the post of the comment. */
  private async remove(tx: Tx, { id, userId }: Parsed<typeof postRpc.deleteComment>): Promise<string> {
    if (!(await this.comments.lock(tx, id, userId))) throw accountIsDeleted();
    const owners = await this.comments.findOwners(tx, id, userId);
    if (!owners || !mayDelete(owners, userId)) throw notFound('comment', ['id']);
    const { postId, postAuthorId, authorId } = owners;
    if (owners.isDeleted) return postId;
    const at = new Date();
    const version = await this.comments.remove(tx, id, at);
    if (version === undefined) throw notFound('comment', ['id']);
    await this.outbox.add(tx, postEvent.commentDeleted, {
      commentId: id,
      postId,
      authorId: postAuthorId,
      commenterId: authorId,
      version,
      at: at.toISOString(),
    });
    await this.mentions.remove(tx, { postId, authorId: postAuthorId, commentId: id, mentionerId: authorId });
    return postId;
  }
}

const toEdge = (comment: Comment): Edge<Comment> => ({
  cursor: encodePosition({ at: new Date(comment.createdAt), id: comment.id }),
  node: comment,
});

const mayDelete = ({ authorId, postAuthorId }: CommentOwners, userId: string): boolean =>
  userId === authorId || userId === postAuthorId;
