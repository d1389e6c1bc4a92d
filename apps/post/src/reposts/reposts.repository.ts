import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import { Database, newId, one, type Stretch, stretchOf, type Tx } from '@fowergram/database';
import { type PlacedRow, selectPlaced } from '../posts/placed-posts.repository.js';
import { postLock, type Writer } from '../posts/posts.repository.js';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';
import { isPublished, isVisiblePost, isVisiblePostOf } from '../posts/visible-posts.rules.js';

/** A post that is no repost. */
export interface Original {
  id: string;
  authorId: string;
  /** Everybody may see it. */
  isOpen: boolean;
}

export interface NewRepost {
  id: string;
  authorId: string;
  caption: string;
  hashtags: string[];
  createdAt: Date;
}

@Injectable()
export class RepostsRepository {
  constructor(private readonly db: Database) {}

  /** The post itself, or what it passes on; undefined when the viewer sees no such post. */
  async originalOf(tx: Tx, postId: string, viewerId: string): Promise<Original | undefined> {
    return (await tx.query<Original>(ORIGINAL_OF, [viewerId, postId]))[0];
  }

  /** Serializes the changes of one edge, and keeps the original from being deleted meanwhile. False when the user may not write any more. */
  async lock(tx: Tx, originalId: string, userId: string): Promise<boolean> {
    const values = [postLock(originalId), `repost:${originalId}:${userId}`, userId];
    return one(await tx.query<Writer>(LOCK, values)).mayWrite;
  }

  /** The repost of a user; undefined when there is none. */
  async find(tx: Tx, originalId: string, userId: string): Promise<string | undefined> {
    return (await tx.query<{ id: string }>(FIND, [originalId, userId]))[0]?.id;
  }

  /** Writes a repost, which is counted in the same statement. */
  async insert(tx: Tx, originalId: string, repost: NewRepost): Promise<void> {
    const { id, authorId, caption, hashtags, createdAt } = repost;
    // A claim of no media: whoever asks for the claims of posts finds none of this one.
    await tx.query(INSERT, [id, authorId, caption, hashtags, newId(), createdAt, originalId]);
  }

  /** Takes the repost of a user back, for good, which is counted in the same statement; undefined when there is none. */
  async remove(tx: Tx, originalId: string, userId: string, at: Date): Promise<string | undefined> {
    return (await tx.query<{ id: string }>(REMOVE, [originalId, userId, at]))[0]?.id;
  }

  /** The edge is locked, so versions are drawn in the order in which its changes commit. */
  async nextVersion(tx: Tx): Promise<number> {
    return one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`, [])).version;
  }

  /** A stretch of what a user has passed on, as far as the viewer may see it, newest first. */
  async byAuthor(authorId: string, viewerId: string | null, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(BY_AUTHOR, [viewerId, authorId, from.at, from.id, size + 1]));
  }

  /** Those of the posts that the user has passed on. */
  repostedAmong(userId: string, ids: string[]): Promise<{ id: string }[]> {
    return this.db.query(AMONG, [userId, ids]);
  }
}

const ORIGINAL_OF = `
  select o.id, o.author_id as "authorId", o.audience = 'PUBLIC'
    and (select is_private from hidden_account where user_id = o.author_id limit 1) is not true as "isOpen"
  from post named join post o on o.id = coalesce(named.repost_of, named.id)
  where named.id = $2 and ${isVisiblePost('$1', 'named')}`;

const LOCK =
  'select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), pg_advisory_xact_lock(hashtextextended($2, 0)), may_write($3) as "mayWrite"';

const FIND = `select id from post where repost_of = $1 and author_id = $2 and state <> 'DELETED'`;

const INSERT = `
  with made as (
    insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at, repost_of)
    values ($1, $2, $3, '{}', $4, false, $5, $6, $7) returning repost_of
  )
  insert into post_counter_delta (post_id, reposts) select repost_of, 1 from made`;

const REMOVE = `
  with gone as (
    update post set state = 'DELETED', deleted_at = $3, version = version + 1
    where id = any(array(select id from post where repost_of = $1 and author_id = $2 and state <> 'DELETED')) returning id, repost_of
  ), counted as (
    insert into post_counter_delta (post_id, reposts) select repost_of, -1 from gone
  )
  select id from gone`;

const BY_AUTHOR = selectPlaced(
  `
        select id, created_at as at from post
        where author_id = $2 and ${isPublished('post')} and repost_of is not null and (created_at, id) < ($3::timestamptz, $4::uuid)
        order by created_at desc, id desc`,
  `${isVisiblePostOf('$1', 'post', '$2')}
      and (select ${isNotTooSensitiveFor('$1', 'original')} from post original where original.id = post.repost_of limit 1)`,
);

const AMONG = `
  select repost_of as id from post where author_id = $1 and repost_of = any($2::uuid[]) and repost_of is not null and state = 'PUBLISHED'`;
