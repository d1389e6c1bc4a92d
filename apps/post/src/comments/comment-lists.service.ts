import { Injectable } from '@nestjs/common';
import { type Edge, notFound, type Page, type Parsed, toPage, toPageOf } from '@fowergram/contracts-core';
import type { Comment, CommentOrder, CommentsOfPost, postRpc, RepliesToComment } from '@fowergram/contracts-post';
import { Database, type Sql } from '@fowergram/database';
import { MutedWordsRepository } from '@fowergram/visibility';
import { type CommentRow, toComment } from './comment-rows.repository.js';
import { CommentListsRepository } from './comment-lists.repository.js';
import { cursorOf, readingOfComments } from './comment-places.rules.js';

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
    const reading = readingOfComments(order, page);
    const rows = await this.lists.ofPost(order, postId, viewerId, reading);
    if (!rows) throw notFound('post', ['postId']);
    return toPageOf(await this.edges(rows, viewerId, order), reading, (edge) => edge);
  }

  async ofPosts({
    postIds,
    viewerId,
    first,
    order,
  }: Parsed<typeof postRpc.commentsOfPosts>): Promise<CommentsOfPost[]> {
    const rows = await this.lists.ofPosts(order, postIds, viewerId, first + 1);
    const edges = await this.edges(rows, viewerId, order);
    return pages(rows, edges, (row) => row.post_id, first).map(([postId, page]) => ({ postId, page }));
  }

  async repliesTo({ commentId, viewerId, ...page }: Parsed<typeof postRpc.replies>): Promise<Page<Comment>> {
    const reading = readingOfComments(ORDER_OF_REPLIES, page);
    const rows = await this.lists.repliesTo(commentId, viewerId, reading);
    if (!rows) throw notFound('comment', ['commentId']);
    return toPageOf(await this.edges(rows, viewerId, ORDER_OF_REPLIES), reading, (edge) => edge);
  }

  async firstRepliesTo({
    commentIds,
    viewerId,
    first,
  }: Parsed<typeof postRpc.repliesToComments>): Promise<RepliesToComment[]> {
    const rows = await this.lists.firstRepliesTo(commentIds, viewerId, first + 1);
    const edges = await this.edges(rows, viewerId, ORDER_OF_REPLIES);
    return pages(rows, edges, (row) => row.top_id!, first).map(([commentId, page]) => ({ commentId, page }));
  }

  async byIds({ ids, viewerId }: Parsed<typeof postRpc.commentsByIds>): Promise<Comment[]> {
    return this.marked(await this.lists.byIds(this.db, ids, viewerId), viewerId);
  }

  /** A comment as one who may see it sees it, also after what the transaction has changed; undefined when they see none. */
  async find(sql: Sql, id: string, viewerId: string): Promise<Comment | undefined> {
    return (await this.marked(await this.lists.byIds(sql, [id], viewerId), viewerId))[0];
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

/** The pages of several lists, of each the rows that `keyOf` says to be of it. */
function pages(
  rows: CommentRow[],
  edges: Edge<Comment>[],
  keyOf: (row: CommentRow) => string,
  first: number,
): [key: string, page: Page<Comment>][] {
  const lists = new Map<string, Edge<Comment>[]>();
  for (const [index, row] of rows.entries()) {
    const list = lists.get(keyOf(row)) ?? [];
    lists.set(keyOf(row), list);
    list.push(edges[index]!);
  }
  return [...lists].map(([key, list]) => [key, toPage(list, first, (edge) => edge)]);
}
