import { Injectable } from '@nestjs/common';
import { newId, one, type Tx } from '@fowergram/database';
import type { EventContext } from '@fowergram/messaging';
import type { NotificationRow } from './notification-rows.repository.js';
import { isOfShownPost, isUnmuted } from './heard.rules.js';
import type { EdgeChange } from './notifications.rules.js';

/** A change with the delivery of the event that reported it. */
export interface ReceivedChange {
  change: EdgeChange;
  context: EventContext;
}

/** A notification that is shown for the first time or again, and the request that it came from. */
export type ShownRow = NotificationRow & { correlationId: string };

const HIDE_BATCH_SIZE = 2_000;

@Injectable()
export class NotificationsRepository {
  /**
   * Locks the recipients like lockRecipients, and lets the erasure of any of these actors, and the deletion of what they did it to,
   * wait until the transaction ends: those know by then of everything that was done.
   */
  async lockEdges(tx: Tx, changes: EdgeChange[]): Promise<void> {
    await tx.query(LOCK_EDGES, [
      changes.map(({ recipientId }) => recipientId),
      changes.map(({ actorId }) => actorId),
      changes.flatMap(({ postId, subjectId }) => (postId === null ? [] : [postId, subjectId])),
    ]);
  }

  /** Makes what is said about a post or comment wait until the transaction ends, whoever it is said to, as lockEdges does. */
  async lockSubject(tx: Tx, subjectId: string): Promise<void> {
    await tx.query(LOCK_SUBJECT, [subjectId]);
  }

  /**
   * Makes everything that is done for these recipients wait until the transaction ends, and everything that was done
   * before it visible to the next statement. So numbers commit in their order, and a like and the deletion of its post see each
   * other. It is the first thing that such a transaction does, in one order for all: nobody waits for somebody who waits for them.
   */
  async lockRecipients(tx: Tx, recipientIds: string[]): Promise<void> {
    await tx.query(LOCK, [recipientIds]);
  }

  /**
   * Records the deliveries in the inbox and writes what they say of their edges, unless something newer is known; answers the
   * notifications that it shows, be it for the first time or again, without what the recipient does not hear of now.
   */
  store(tx: Tx, changes: ReceivedChange[]): Promise<ShownRow[]> {
    const column = <T>(valueOf: (one: ReceivedChange) => T): T[] => changes.map(valueOf);
    return tx.query<ShownRow>(STORE, [
      column(({ context }) => context.consumer),
      column(({ context }) => context.eventId),
      column(({ context }) => context.correlationId),
      column(() => newId()),
      column(({ change }) => change.recipientId),
      column(({ change }) => change.kind),
      column(({ change }) => change.actorId),
      column(({ change }) => change.subjectId),
      column(({ change }) => change.postId),
      column(({ change }) => change.version),
      column(({ change }) => change.exists),
      column(({ change }) => change.at),
    ]);
  }

  /** Hides what was said about a post, or shows it again, unless a newer state of the post is known. */
  async setPostHidden(tx: Tx, postId: string, version: number, hidden: boolean): Promise<void> {
    await tx.query(SET_POST_HIDDEN, [postId, version, hidden]);
  }

  /** Leaves a tombstone of a post that is gone for good. */
  async tombstonePost(tx: Tx, postId: string): Promise<void> {
    await tx.query('insert into deleted_post (post_id, deleted_at) values ($1, now()) on conflict do nothing', [
      postId,
    ]);
  }

  /** Leaves a tombstone of a comment that is deleted. */
  async tombstoneComment(tx: Tx, commentId: string): Promise<void> {
    await tx.query('insert into deleted_comment (comment_id, deleted_at) values ($1, now()) on conflict do nothing', [
      commentId,
    ]);
  }

  /** Hides a batch of what is shown about a post; true when there may be more of it. */
  async hideSomeOfPost(tx: Tx, postId: string): Promise<boolean> {
    const { hidden } = one(await tx.query<{ hidden: number }>(HIDE_OF_POST, [postId, HIDE_BATCH_SIZE]));
    return hidden === HIDE_BATCH_SIZE;
  }

  /** The same of the likes of a comment, of which its author was notified. */
  async hideSomeLikesOf(tx: Tx, commentId: string, recipientId: string): Promise<boolean> {
    const values = [commentId, HIDE_BATCH_SIZE, recipientId];
    const { hidden } = one(await tx.query<{ hidden: number }>(HIDE_LIKES, values));
    return hidden === HIDE_BATCH_SIZE;
  }
}

const LOCK = `
  select pg_advisory_xact_lock(key)
  from (select distinct hashtextextended('recipient:' || id, 0) as key from unnest($1::text[]) id order by key) keys`;

// All recipients before all actors, here and in the erasure, and what it is about last.
const LOCK_EDGES = `
  select case when turn > 1 then pg_advisory_xact_lock_shared(key) else pg_advisory_xact_lock(key) end
  from (
    select distinct hashtextextended('recipient:' || id, 0) as key, 1 as turn from unnest($1::text[]) id
    union
    select distinct hashtextextended('actor:' || id, 0), 2 from unnest($2::text[]) id
    union
    select distinct hashtextextended('subject:' || id, 0), 3 from unnest($3::text[]) id
    order by turn, key
  ) keys`;

const LOCK_SUBJECT = `select pg_advisory_xact_lock(hashtextextended('subject:' || $1, 0))`;

// @NOTE The reads in here are exact only because an earlier statement has locked the recipients and the actors.
// Of several changes of one edge only the newest counts. A row that begins to be shown, for the first time or again, gets the next
// number and the time that goes with it: whoever resumed behind its old number would never hear of it. One that is hidden keeps its
// number for marks that are set at it. Limit 1 keeps the look-ups by key.
const STORE = `
  with given as (
    select * from unnest(
      $1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::bigint[], $11::boolean[], $12::timestamptz[]
    ) with ordinality as g (consumer, event_id, correlation_id, id, recipient_id, kind, actor_id, subject_id, post_id, version, is_there, at, nth)
  ), accepted as (
    insert into inbox (consumer, event_id) select consumer, event_id from given on conflict do nothing returning consumer, event_id
  ), latest as (
    select distinct on (recipient_id, kind, actor_id, subject_id) given.*
    from given join accepted using (consumer, event_id)
    order by recipient_id, kind, actor_id, subject_id, version desc
  ), change as (
    select l.*, l.is_there and gone.post_id is null and gone_comment.comment_id is null as active, known.sequence, coalesce(known.active, false) as was_active
    from latest l
    left join lateral (
      select version, sequence, active from notification
      where recipient_id = l.recipient_id and kind = l.kind and actor_id = l.actor_id and subject_id = l.subject_id limit 1
    ) known on true
    left join lateral (select post_id from deleted_post where post_id = l.post_id limit 1) gone on true
    left join lateral (select comment_id from deleted_comment where l.kind = 'COMMENT_LIKE' and comment_id = l.subject_id limit 1) gone_comment on true
    left join lateral (select user_id from erased_user where user_id = any(array[l.recipient_id, l.actor_id]) limit 1) erased on true
    where (known.version is null or known.version < l.version) and erased.user_id is null
  ), fresh as (
    select id, recipient_id, correlation_id, row_number() over (partition by recipient_id order by nth) as ordinal
    from change where active and not was_active
  ), numbered as (
    insert into recipient as r (id, last_sequence) select recipient_id, count(*) from fresh group by recipient_id
    on conflict (id) do update set last_sequence = r.last_sequence + excluded.last_sequence
    returning id, last_sequence
  ), sequenced as (
    select fresh.id, fresh.recipient_id, fresh.correlation_id,
      numbered.last_sequence - count(*) over (partition by fresh.recipient_id) + fresh.ordinal as sequence
    from fresh join numbered on numbered.id = fresh.recipient_id
  ), stored as (
    insert into notification as n (id, recipient_id, kind, actor_id, subject_id, post_id, version, active, sequence, created_at, updated_at)
    select c.id, c.recipient_id, c.kind, c.actor_id, c.subject_id, c.post_id, c.version, c.active, coalesce(sequenced.sequence, c.sequence), c.at, c.at
    from change c left join sequenced on sequenced.id = c.id
    on conflict (recipient_id, kind, actor_id, subject_id) do update set
      version = excluded.version, active = excluded.active, updated_at = excluded.updated_at,
      sequence = excluded.sequence,
      created_at = case when excluded.sequence is distinct from n.sequence then excluded.created_at else n.created_at end
    returning n.*
  )
  select n.id, n.recipient_id as "recipientId", n.kind, n.actor_id as "actorId", n.subject_id as "subjectId", n.post_id as "postId",
    n.sequence, false as "isRead", n.created_at as "createdAt", n.updated_at as "updatedAt", sequenced.correlation_id as "correlationId"
  from stored n join sequenced on sequenced.recipient_id = n.recipient_id and sequenced.sequence = n.sequence
  where ${isUnmuted('n.recipient_id', 'n.actor_id')} and ${isOfShownPost('n.recipient_id', 'n.post_id')}
  order by n.sequence`;

const SET_POST_HIDDEN = `
  insert into hidden_post as known (post_id, version, hidden, changed_at) values ($1, $2, $3, now())
  on conflict (post_id) do update set version = excluded.version, hidden = excluded.hidden, changed_at = excluded.changed_at
  where known.version < excluded.version`;

// The rows that others hold are being erased: nobody waits for them, who may wait for these.
const hide = (condition: string): string => `
  with hidden as (
    update notification set active = false
    where id = any(array(select id from notification where ${condition} and active limit $2 for update skip locked)) returning id
  )
  select count(*)::integer as hidden from hidden`;

const HIDE_OF_POST = hide('post_id = $1');
const HIDE_LIKES = hide(`recipient_id = $3 and kind = 'COMMENT_LIKE' and subject_id = $1`);
