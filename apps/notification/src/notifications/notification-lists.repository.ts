import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import { MAX_COUNTED } from '@fowergram/contracts-notification';
import {
  BACKWARD,
  type BothWays,
  Database,
  type Direction,
  FORWARD,
  LOOKED_AT,
  one,
  Replicas,
  type Stretch,
  stretchOf,
  type StretchRow,
  type Tx,
} from '@fowergram/database';
import { isHeard, isOfShownPost, isUnmuted } from './heard.rules.js';
import { COLUMNS, type NotificationRow } from './notification-rows.repository.js';

/** The ends of a recipient's sequence. */
export interface Head {
  /** The newest number that was given out. */
  head: number;
  /** Rows up to here may be gone. */
  purgedThrough: number;
}

@Injectable()
export class NotificationListsRepository {
  constructor(
    private readonly db: Database,
    private readonly replicas: Replicas,
  ) {}

  /**
   * A stretch of what is shown, newest first; what a hidden, blocked or muted account did is left out, and comes back with it.
   */
  async list(recipientId: string, { way, from, size }: Reading<number>): Promise<Stretch<NotificationRow>> {
    return stretchOf(await this.replicas.query<StretchRow & NotificationRow>(LIST[way], [recipientId, from, size + 1]));
  }

  /**
   * A stretch of what is shown after the number `after`, oldest first, and the head as of the same moment. What a hidden account did is
   * among it: whoever resumed behind it would never get it when the account is back. What a blocked or muted one did is not.
   */
  async since(recipientId: string, after: number, limit: number): Promise<Head & Stretch<NotificationRow>> {
    const found = await this.db.query<Head & ((StretchRow & NotificationRow) | { id: null })>(SINCE, [
      recipientId,
      after,
      limit,
    ]);
    const { head, purgedThrough } = found[0] ?? { head: 0, purgedThrough: 0 };
    const rows = found.filter((row): row is Head & StretchRow & NotificationRow => row.id !== null);
    return { head, purgedThrough, ...stretchOf(rows) };
  }

  byIds(recipientId: string, ids: string[]): Promise<NotificationRow[]> {
    return this.db.query<NotificationRow>(BY_IDS, [recipientId, ids]);
  }

  /** How many of the newest that are unread are shown; MAX_COUNTED of them are looked at. */
  async unreadCount(recipientId: string): Promise<number> {
    return one(await this.db.query<{ count: number }>(UNREAD, [recipientId])).count;
  }

  /** Moves the mark up to a notification, never back, and answers what is still unread; undefined when it is not the recipient's. */
  async markRead(tx: Tx, recipientId: string, upToId: string): Promise<number | undefined> {
    return (await tx.query<{ unread: number }>(MARK_READ, [recipientId, upToId]))[0]?.unread;
  }
}

const IS_SHOWN = `${isHeard('n.recipient_id', 'n.actor_id')} and ${isOfShownPost('n.recipient_id', 'n.post_id')}`;

const list = (way: Direction): string => `
  select ${COLUMNS}, n.is_end as "isEnd", (not n.is_end or ${IS_SHOWN}) as "isShown"
  from (
    select looked.*, row_number() over (order by sequence ${way.order}) = ${LOOKED_AT} as is_end from (
      select * from notification where recipient_id = $1 and active and sequence ${way.behind} $2
      order by sequence ${way.order} limit ${LOOKED_AT}
    ) looked
  ) n join recipient r on r.id = n.recipient_id
  where n.is_end or ${IS_SHOWN}
  order by n.sequence ${way.order} limit $3`;

const LIST: BothWays = { forward: list(FORWARD), backward: list(BACKWARD) };

const IS_UNMUTED = `${isUnmuted('either.recipient_id', 'either.actor_id')} and ${isOfShownPost('either.recipient_id', 'either.post_id')}`;

// The outer join gives the head of a recipient with nothing to show: one row of nulls.
const SINCE = `
  select r.last_sequence as head, r.purged_through as "purgedThrough", ${COLUMNS}, n.is_end as "isEnd", n.is_shown as "isShown"
  from recipient r left join lateral (
    select either.*, (not is_end or ${IS_UNMUTED}) as is_shown from (
      select looked.*, row_number() over (order by sequence) = ${LOOKED_AT} as is_end from (
        select * from notification where recipient_id = r.id and active and sequence > $2
        order by sequence limit ${LOOKED_AT}
      ) looked
    ) either
    where is_end or ${IS_UNMUTED}
    order by sequence limit $3
  ) n on true
  where r.id = $1
  order by n.sequence`;

const BY_IDS = `
  select ${COLUMNS}
  from notification n join recipient r on r.id = n.recipient_id
  where n.id = any($2::uuid[]) and n.recipient_id = $1 and n.active and ${IS_SHOWN}`;

const unreadAfter = (readThrough: string): string => `
    select count(*)::integer as count from (
      select * from notification where recipient_id = $1 and active and sequence > ${readThrough}
      order by sequence desc limit ${MAX_COUNTED}
    ) n where ${IS_SHOWN}`;

const UNREAD = unreadAfter('coalesce((select read_through from recipient where id = $1), 0)');

// What was taken back meanwhile still has its number; a row without one was never seen by anybody.
const MARK_READ = `
  with target as (
    select sequence from notification where id = $2 and recipient_id = $1 and sequence is not null
  ), moved as (
    update recipient set read_through = greatest(read_through, (select sequence from target))
    where id = $1 and exists (select from target) returning read_through
  )
  select (${unreadAfter('moved.read_through')}) as unread from moved`;
