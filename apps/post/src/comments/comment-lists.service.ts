import { Injectable } from '@nestjs/common';
import {
  type Edge,
  notFound,
  type Page,
  type Parsed,
  type Reading,
  toPageOf,
  toPageUpTo,
} from '@fowergram/contracts-core';
import type { Comment, CommentOrder, CommentsOfPost, postRpc, RepliesToComment } from '@fowergram/contracts-post';
import { Database, readStretches, type Sql } from '@fowergram/database';
import { MutedWordsRepository } from '@fowergram/visibility';
import { type CommentRow, toComment } from './comment-rows.repository.js';
import { CommentListsRepository, type CommentStretch } from './comment-lists.repository.js';
import { cursorOf, type Place, placeOf, readingOfComments } from './comment-places.rules.js';

/** A conversation is read from its beginning. */
const ORDER_OF_REPLIES: CommentOrder = 'OLDEST';

@Injectable()
export class CommentListsService {
  constructor(
    private readonly db: Database,
    private readonly lists: CommentListsRepository,
    private readonly mutedWords: MutedWordsRepository,
  ) {}

  async ofPost({ postId, viewerId, order, ...page }: Parsed<typeof postRpc.comments>): Promise<Page<Comment>> {
    const read = (reading: Reading<Place>) => this.lists.ofPost(order, postId, viewerId, reading);
    return (await this.page(order, viewerId, page, read)) ?? refuse('post', 'postId');
  }

  async ofPosts({
    postIds,
    viewerId,
    first,
    order,
  }: Parsed<typeof postRpc.commentsOfPosts>): Promise<CommentsOfPost[]> {
    const lists = await this.lists.ofPosts(order, postIds, viewerId, first + 1);
    return (await this.pages(lists, viewerId, order, first)).map(([postId, page]) => ({ postId, page }));
  }

  async repliesTo({ commentId, viewerId, ...page }: Parsed<typeof postRpc.replies>): Promise<Page<Comment>> {
    const read = (reading: Reading<Place>) => this.lists.repliesTo(commentId, viewerId, reading);
    return (await this.page(ORDER_OF_REPLIES, viewerId, page, read)) ?? refuse('comment', 'commentId');
  }

  async firstRepliesTo({
    commentIds,
    viewerId,
    first,
  }: Parsed<typeof postRpc.repliesToComments>): Promise<RepliesToComment[]> {
    const lists = await this.lists.firstRepliesTo(commentIds, viewerId, first + 1);
    const pages = await this.pages(lists, viewerId, ORDER_OF_REPLIES, first);
    return pages.map(([commentId, page]) => ({ commentId, page }));
  }

  async byIds({ ids, viewerId }: Parsed<typeof postRpc.commentsByIds>): Promise<Comment[]> {
    return this.marked(await this.lists.byIds(this.db, ids, viewerId), viewerId);
  }

  /** A comment as one who may see it sees it, also after what the transaction has changed; undefined when they see none. */
  async find(sql: Sql, id: string, viewerId: string): Promise<Comment | undefined> {
    return (await this.marked(await this.lists.byIds(sql, [id], viewerId), viewerId))[0];
  }

  /** A page of a list that is read in stretches; null when the viewer sees nothing that it is of. */
  private async page(
    order: CommentOrder,
    viewerId: string | null,
    page: Parameters<typeof readingOfComments>[1],
    read: (reading: Reading<Place>) => Promise<CommentStretch | null>,
  ): Promise<Page<Comment> | null> {
    const reading = readingOfComments(order, page);
    const found = await readStretches(reading, read, (row) => placeOf(order, row));
    if (!found) return null;
    const { rows, end } = found;
    return toPageOf(await this.edges(rows, viewerId, order), reading, (edge) => edge, end && cursorOf(order, end));
  }

  /** The first pages of several lists, each of one stretch. */
  private async pages(
    lists: Map<string, CommentStretch>,
    viewerId: string | null,
    order: CommentOrder,
    first: number,
  ): Promise<[key: string, page: Page<Comment>][]> {
    const edges = await this.edges(
      [...lists.values()].flatMap(({ rows }) => rows),
      viewerId,
      order,
    );
    return [...lists].map(([key, { rows, end }]) => [
      key,
      toPageUpTo(edges.splice(0, rows.length), first, end && cursorOf(order, end)),
    ]);
  }

  private async edges(rows: CommentRow[], viewerId: string | null, order: CommentOrder): Promise<Edge<Comment>[]> {
    const comments = await this.marked(rows, viewerId);
    return rows.map((row, index) => ({ cursor: cursorOf(order, row), node: comments[index]! }));
  }

  /** Marks what others have said with a word that the viewer has muted: left out, it would leave a hole in the conversation. */
  private async marked(rows: CommentRow[], viewerId: string | null): Promise<Comment[]> {
    const words = viewerId !== null && rows[0]?.mutes_words ? await this.mutedWords.of(viewerId) : undefined;
    return rows.map((row) => ({
      ...toComment(row),
      isMuted: words !== undefined && row.author_id !== viewerId && words.areIn(row.text),
    }));
  }
}

function refuse(kind: 'post' | 'comment', argument: string): never {
  throw notFound(kind, [argument]);
}
