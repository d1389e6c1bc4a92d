import { Injectable } from '@nestjs/common';
import type { CoAuthorState } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';
import { isVisiblePost } from '../posts/visible-posts.rules.js';
import { mayShare } from './co-authored.rules.js';

/** Somebody who is invited to a post of an author, or has accepted. */
export interface Shared {
  postId: string;
  authorId: string;
  userId: string;
}

export interface CoAuthorship {
  authorId: string;
  state: CoAuthorState;
  postCreatedAt: Date;
}

/** How an author's own post stands to being shared. */
export interface Shareable {
  state: string;
  isRepost: boolean;
  createdAt: Date;
}

@Injectable()
export class CoAuthorsRepository {
  constructor(private readonly db: Database) {}

  /** Serializes what is done to the co-authors of a post until the transaction ends. */
  async lock(tx: Tx, postId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('co-authors:' || $1, 0))`, [postId]);
  }

  /** The author's own post that is not deleted; undefined when there is none. */
  async shareable(tx: Tx, postId: string, authorId: string): Promise<Shareable | undefined> {
    return (await tx.query<Shareable>(SHAREABLE, [postId, authorId]))[0];
  }

  async find(tx: Tx, postId: string, userId: string): Promise<CoAuthorship | undefined> {
    return (await tx.query<CoAuthorship>(FIND, [postId, userId]))[0];
  }

  /** Those who have accepted, and those who may yet. */
  async count(tx: Tx, postId: string): Promise<number> {
    return one(await tx.query<{ count: number }>(COUNT, [postId])).count;
  }

  /** False when the user does not exist any more. */
  async invite(tx: Tx, { postId, authorId, userId }: Shared, postCreatedAt: Date, at: Date): Promise<boolean> {
    return (await tx.query(INVITE, [postId, userId, authorId, at, postCreatedAt])).length > 0;
  }

  /** Gives the invitations of these posts the time of their publication; answers those whose users see the post. */
  sendInvitations(tx: Tx, postIds: string[], publishedAt: Date): Promise<Shared[]> {
    return tx.query<Shared>(SEND_INVITATIONS, [postIds, publishedAt]);
  }

  /** The invited user is the last of the co-authors. */
  async accept(tx: Tx, postId: string, userId: string): Promise<void> {
    await tx.query(ACCEPT, [postId, userId]);
  }

  /** Nothing is left of the invitations or co-authorships of a user; answers what they were. */
  remove(tx: Tx, userId: string, postIds: string[]): Promise<Shared[]> {
    return tx.query<Shared>(REMOVE, [userId, postIds]);
  }

  /** The user is not a co-author, and is not invited again; answers what they were. */
  decline(tx: Tx, userId: string, postIds: string[]): Promise<Shared[]> {
    return tx.query<Shared>(DECLINE, [userId, postIds]);
  }

  invited(postIds: string[], authorId: string): Promise<{ postId: string; userIds: string[] }[]> {
    return this.db.query(INVITED, [postIds, authorId]);
  }

  /** The number of a change among those of the same edge. */
  async nextVersion(tx: Tx): Promise<number> {
    return one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`, [])).version;
  }
}

const SHAREABLE = `
  select state, repost_of is not null as "isRepost", created_at as "createdAt"
  from post where id = $1 and author_id = $2 and state <> 'DELETED'`;

const FIND = `
  select author_id as "authorId", state, post_created_at as "postCreatedAt" from co_author where post_id = $1 and user_id = $2`;

const COUNT = `select count(*)::integer as count from co_author where post_id = $1 and state <> 'DECLINED'`;

const INVITE = `
  insert into co_author (post_id, user_id, author_id, state, created_at, post_created_at)
  select $1::uuid, $2::uuid, $3::uuid, 'INVITED', $4::timestamptz, $5::timestamptz where may_write($2::uuid)
  on conflict do nothing returning 1 as made`;

const SEND_INVITATIONS = `
  with sent as (
    update co_author set created_at = $2, post_created_at = $2 where post_id = any($1::uuid[]) and state = 'INVITED'
    returning post_id, author_id, user_id
  )
  select post_id as "postId", author_id as "authorId", user_id as "userId"
  from sent cross join lateral (
    select from post where id = sent.post_id and ${isVisiblePost('sent.user_id', 'post')} and ${mayShare('sent.user_id', 'post')} limit 1
  ) post`;

const ACCEPT = `
  with accepted as (
    update co_author set state = 'ACCEPTED' where post_id = $1 and user_id = $2 and state = 'INVITED' returning post_id
  )
  update post set was_shared = true, co_author_ids = array_append(co_author_ids, $2::uuid) where id = any(array(select post_id from accepted))`;

/** A co-author is taken out of the post as well, where the trigger counts it. */
const end = (change: string): string => `
  with was as (
    select post_id, state from co_author where user_id = $1 and post_id = any($2::uuid[]) and state <> 'DECLINED'
  ), ended as (
    ${change} where user_id = $1 and post_id = any(array(select post_id from was)) returning post_id, author_id, user_id
  ), taken as (
    update post set co_author_ids = array_remove(co_author_ids, $1::uuid)
    where id = any(array(select post_id from was where state = 'ACCEPTED'))
  )
  select post_id as "postId", author_id as "authorId", user_id as "userId" from ended`;

const REMOVE = end('delete from co_author');
const DECLINE = end(`update co_author set state = 'DECLINED'`);

const INVITED = `
  select post_id as "postId", array_agg(user_id order by created_at, user_id)::text[] as "userIds"
  from co_author where post_id = any($1::uuid[]) and author_id = $2 and state = 'INVITED' group by post_id`;
