import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { Database, one, type Tx } from '@fowergram/database';
import { isShown, isUnblocked, mutesWords } from '@fowergram/visibility';
import type { Writer } from '../posts/posts.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import { type ReadCommentRow, type ReadComments, toReadComments } from './comment-rows.repository.js';
import { isCommentShownTo } from './visible-comments.rules.js';

export interface NewComment {
  id: string;
  postId: string;
  authorId: string;
  text: string;
  createdAt: Date;
}

/** What the caller needs to decide whether a comment may be deleted. */
export interface CommentOwners {
  postId: string;
  authorId: string;
  postAuthorId: string;
  isDeleted: boolean;
}

/** What the caller needs to know of a post before it is commented. */
export interface CommentedPost {
  authorId: string;
  commentsDisabled: boolean;
  authorMutesWords: boolean;
}

@Injectable()
export class CommentsRepository {
  constructor(private readonly db: Database) {}

  /** Undefined when the viewer sees no such post. */
  async findPost(tx: Tx, postId: string, viewerId: string): Promise<CommentedPost | undefined> {
    return (await tx.query<CommentedPost>(FIND_POST, [postId, viewerId]))[0];
  }

  /** Writes the comment, counts it, and answers the version of its edge. */
  async insert(tx: Tx, { id, postId, authorId, text, createdAt }: NewComment): Promise<number> {
    return one(await tx.query<{ version: number }>(INSERT, [id, postId, authorId, text, createdAt])).version;
  }

  /** Serializes the changes of this comment until the transaction ends; false when the writer may not write any more. */
  async lock(tx: Tx, id: string, writerId: string): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK, [`comment:${id}`, writerId])).mayWrite;
  }

  /** Undefined when the viewer sees no such comment. */
  async findOwners(tx: Tx, id: string, viewerId: string): Promise<CommentOwners | undefined> {
    return (await tx.query<CommentOwners>(OWNERS, [id, viewerId]))[0];
  }

  /** Marks the comment as deleted, removes its text, counts it off, and answers the version of its edge; undefined when it was erased meanwhile. */
  async remove(tx: Tx, id: string, at: Date): Promise<number | undefined> {
    return (await tx.query<{ version: number }>(REMOVE, [id, at]))[0]?.version;
  }

  /** The comments of a post that the viewer sees, after a position, newest first; null when they see no such post. */
  async ofPost(postId: string, viewerId: string | null, after: Position, limit: number): Promise<ReadComments | null> {
    const values = [postId, after.at, after.id, limit, viewerId];
    const rows = await this.db.query<ReadCommentRow | { id: null }>(OF_POST, values);
    if (rows.length === 0) return null;
    return toReadComments(rows.filter((row): row is ReadCommentRow => row.id !== null));
  }

  /** The newest comments of each of these posts that the viewer sees, newest first; nothing of posts that they do not see. */
  async newestOf(postIds: string[], viewerId: string | null, limit: number): Promise<ReadComments> {
    return toReadComments(await this.db.query<ReadCommentRow>(NEWEST_OF, [postIds, limit, viewerId]));
  }

  /** Those of the comments that the viewer sees, in no order. */
  async byIds(ids: string[], viewerId: string | null): Promise<ReadComments> {
    return toReadComments(await this.db.query<ReadCommentRow>(BY_IDS, [ids, viewerId]));
  }
}

const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 0)), may_write($2) as "mayWrite"';

const FIND_POST = `
  select author_id as "authorId", comments_disabled as "commentsDisabled", ${mutesWords('post.author_id')} as "authorMutesWords"
  from post where id = $1 and ${isVisiblePost('$2', 'post')}`;

const INSERT = `
  with made as (
    insert into comment (id, post_id, author_id, text, created_at) values ($1, $2, $3, $4, $5) returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, 1 from made
  )
  select nextval('edge_version') as version from made`;

// Whoever has reported a comment or its author sees it no more, and may still delete it from under their own post.
const OWNERS = `
  select c.post_id as "postId", c.author_id as "authorId", p.author_id as "postAuthorId", c.deleted_at is not null as "isDeleted"
  from comment c join post p on p.id = c.post_id
  where c.id = $1 and ${isVisiblePost('$2', 'p')} and ${isUnblocked('c.author_id', 'p.author_id')}
    and (c.author_id = $2 or (${isShown('c.author_id')} and ${isUnblocked('$2', 'c.author_id')} and c.hidden_reason is null))`;

const REMOVE = `
  with gone as (
    update comment set deleted_at = $2, text = '' where id = $1 and deleted_at is null returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, -1 from gone
  )
  select nextval('edge_version') as version from gone`;

// The outer join distinguishes a post without comments (one row of nulls) from a post that does not exist (no row).
const OF_POST = `
  select c.*, ${mutesWords('$5')} as mutes_words
  from post p left join lateral (
    select id, post_id, author_id, text, created_at, hidden_reason from comment c
    where post_id = p.id and deleted_at is null and (created_at, id) < ($2::timestamptz, $3::uuid) and ${isCommentShownTo('$5')}
    order by created_at desc, id desc limit $4
  ) c on true
  where p.id = $1 and ${isVisiblePost('$5', 'p')}
  order by c.created_at desc, c.id desc`;

const NEWEST_OF = `
  select c.*, ${mutesWords('$3')} as mutes_words
  from post p cross join lateral (
    select id, post_id, author_id, text, created_at, hidden_reason from comment c
    where post_id = p.id and deleted_at is null and ${isCommentShownTo('$3')}
    order by created_at desc, id desc limit $2
  ) c
  where p.id = any($1::uuid[]) and ${isVisiblePost('$3', 'p')}
  order by c.created_at desc, c.id desc`;

const BY_IDS = `
  select c.id, c.post_id, c.author_id, c.text, c.created_at, c.hidden_reason, ${mutesWords('$2')} as mutes_words
  from comment c join post p on p.id = c.post_id
  where c.id = any($1::uuid[]) and c.deleted_at is null and ${isVisiblePost('$2', 'p')} and ${isCommentShownTo('$2')}`;
