import { Injectable } from '@nestjs/common';
import type { CommentPolicy } from '@fowergram/contracts-post';
import { one, type Tx } from '@fowergram/database';
import { isShown, isUnblocked, mutesWords, relationOf } from '@fowergram/visibility';
import { commentPolicyIn } from '../posts/comment-policy.rules.js';
import type { Writer } from '../posts/posts.repository.js';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import { isCommentShownTo } from './visible-comments.rules.js';

export interface NewComment {
  id: string;
  postId: string;
  authorId: string;
  text: string;
  parentId: string | null;
  /** The comment that a reply hangs under; null for one that answers none. */
  topId: string | null;
  createdAt: Date;
}

/** What the caller needs to decide what may be done to a comment. */
export interface CommentOwners {
  postId: string;
  authorId: string;
  postAuthorId: string;
  parentId: string | null;
  topId: string | null;
  /** The author of the comment that it answers. */
  answeredId: string | null;
  isDeleted: boolean;
  createdAt: Date;
}

/** What the caller needs to know of a post before it is commented. */
export interface CommentedPost {
  authorId: string;
  commentPolicy: CommentPolicy;
  /** Whether the policy lets the viewer comment. */
  mayComment: boolean;
  authorMutesWords: boolean;
}

/** What the caller needs to know of a comment before it is answered. */
export interface AnsweredComment {
  authorId: string;
  authorMutesWords: boolean;
  /** The comment that an answer to it hangs under. */
  topId: string;
  /** Whether its author sees the post now. */
  authorSees: boolean;
}

@Injectable()
export class CommentsRepository {
  /** Undefined when the viewer sees no such post. */
  async findPost(tx: Tx, postId: string, viewerId: string): Promise<CommentedPost | undefined> {
    return (await tx.query<CommentedPost>(FIND_POST, [postId, viewerId]))[0];
  }

  /** The comment that an answer to this one hangs under, as of now; undefined when there is no such comment of the post. */
  async topOf(tx: Tx, id: string, postId: string): Promise<string | undefined> {
    return (await tx.query<{ top: string }>(TOP_OF, [id, postId]))[0]?.top;
  }

  /** Undefined when the viewer sees no such comment, or it is deleted. */
  async findAnswered(tx: Tx, id: string, viewerId: string): Promise<AnsweredComment | undefined> {
    return (await tx.query<AnsweredComment>(FIND_ANSWERED, [id, viewerId]))[0];
  }

  /** Writes the comment, counts it, and answers the version of its edge. */
  async insert(tx: Tx, { id, postId, authorId, text, parentId, topId, createdAt }: NewComment): Promise<number> {
    const values = [id, postId, authorId, text, createdAt, parentId, topId];
    return one(await tx.query<{ version: number }>(INSERT, values)).version;
  }

  /** False when the writer may not write any more. */
  async mayWrite(tx: Tx, writerId: string): Promise<boolean> {
    return one(await tx.query<Writer>('select may_write($1) as "mayWrite"', [writerId])).mayWrite;
  }

  /** Serializes the changes of these comments until the transaction ends. */
  async lock(tx: Tx, ids: string[]): Promise<void> {
    await tx.query(LOCK, [ids]);
  }

  /** Keeps these comments from being changed until the transaction ends; answers to them do not wait for each other. */
  async lockShared(tx: Tx, ids: string[]): Promise<void> {
    await tx.query(LOCK_SHARED, [ids]);
  }

  /** Undefined when the viewer sees no such comment. */
  async findOwners(tx: Tx, id: string, viewerId: string): Promise<CommentOwners | undefined> {
    return (await tx.query<CommentOwners>(OWNERS, [id, viewerId]))[0];
  }

  /**
   * Marks the comment as deleted, removes its text, counts it off, and answers the version of its edge; undefined when it was erased
   * meanwhile. It stays as a placeholder while somebody has answered it.
   */
  async remove(tx: Tx, id: string, at: Date): Promise<number | undefined> {
    return (await tx.query<{ version: number }>(REMOVE, [id, at]))[0]?.version;
  }

  /** Takes those of the comments out of the lists that are placeholders for no answer any more. */
  async removePlaceholders(tx: Tx, ids: string[]): Promise<void> {
    await tx.query(REMOVE_PLACEHOLDERS, [ids]);
  }

  /** Changes the text; the same text changes nothing. */
  async edit(tx: Tx, id: string, text: string, at: Date): Promise<void> {
    await tx.query(EDIT, [id, text, at]);
  }

  /** Shows the comment above all others of its post. */
  async pin(tx: Tx, id: string, postId: string): Promise<void> {
    await tx.query('update post set pinned_comment_id = $1 where id = $2', [id, postId]);
  }

  /** Nothing happens where another comment, or none, is pinned. */
  async unpin(tx: Tx, id: string, postId: string): Promise<void> {
    await tx.query('update post set pinned_comment_id = null where id = $2 and pinned_comment_id = $1', [id, postId]);
  }
}

const KEYS = `(select distinct hashtextextended('comment:' || id, 0) as key from unnest($1::text[]) id order by key) keys`;
const LOCK = `select pg_advisory_xact_lock(key) from ${KEYS}`;
const LOCK_SHARED = `select pg_advisory_xact_lock_shared(key) from ${KEYS}`;

// Whoever follows the author, and the author.
const MAY_COMMENT = `not comments_disabled and (
    not comments_for_followers or author_id = $2 or ${relationOf('$2', 'post.author_id', 'follows')} is true
  )`;

const FIND_POST = `
  select author_id as "authorId", ${commentPolicyIn('post')} as "commentPolicy", ${MAY_COMMENT} as "mayComment", ${mutesWords('post.author_id')} as "authorMutesWords"
  from post where id = $1 and ${isVisiblePost('$2', 'post')}`;

const TOP_OF = 'select coalesce(top_id, id) as top from comment where id = $1 and post_id = $2';

const FIND_ANSWERED = `
  select c.author_id as "authorId", coalesce(c.top_id, c.id) as "topId", ${mutesWords('c.author_id')} as "authorMutesWords", ${isVisiblePost('c.author_id', 'p')} as "authorSees"
  from comment c join post p on p.id = c.post_id
  where c.id = $1 and c.deleted_at is null and ${isCommentShownTo('$2')}`;

const INSERT = `
  with made as (
    insert into comment (id, post_id, author_id, text, created_at, parent_id, top_id) values ($1, $2, $3, $4, $5, $6, $7)
    returning post_id, top_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, 1 from made
  ), counted_reply as (
    insert into comment_counter_delta (comment_id, likes, replies) select top_id, 0, 1 from made where top_id is not null
  )
  select nextval('edge_version') as version from made`;

// Whoever has reported a comment or its author sees it no more, and may still delete it from under their own post.
const OWNERS = `
  select c.post_id as "postId", c.author_id as "authorId", p.author_id as "postAuthorId", c.deleted_at is not null as "isDeleted",
    c.parent_id as "parentId", c.top_id as "topId", c.created_at as "createdAt",
    (select author_id from comment where id = c.parent_id) as "answeredId"
  from comment c join post p on p.id = c.post_id
  where c.id = $1 and ${isVisiblePost('$2', 'p')} and ${isUnblocked('c.author_id', 'p.author_id')}
    and (c.author_id = $2 or (${isShown('c.author_id')} and ${isUnblocked('$2', 'c.author_id')} and c.hidden_reason is null))`;

const REMOVE = `
  with gone as (
    update comment set deleted_at = $2, text = '',
      placeholder = exists (select from comment r where r.top_id = $1 and r.deleted_at is null)
        or exists (select from comment r where r.parent_id = $1 and r.deleted_at is null)
    where id = $1 and deleted_at is null returning post_id, top_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, -1 from gone
  ), counted_reply as (
    insert into comment_counter_delta (comment_id, likes, replies) select top_id, 0, -1 from gone where top_id is not null
  ), unpinned as (
    update post set pinned_comment_id = null where id = (select post_id from gone) and pinned_comment_id = $1
  )
  select nextval('edge_version') as version from gone`;

const REMOVE_PLACEHOLDERS = `
  update comment c set placeholder = false
  where c.id = any($1::uuid[]) and c.placeholder
    and (select true from comment r where r.top_id = c.id and r.deleted_at is null limit 1) is null
    and (select true from comment r where r.parent_id = c.id and r.deleted_at is null limit 1) is null`;

const EDIT = 'update comment set text = $2, edited_at = $3 where id = $1 and text <> $2';
