import { Injectable } from '@nestjs/common';
import { userEvent } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { eventRow } from '@fowergram/outbox';

const EDGES = 500;
const SIGN_INS = 2_000;
const PAGE = 5_000;

interface Edge {
  followerId: string;
  followeeId: string;
  version: number;
  at: Date;
}

/** What this database keeps of a user, table by table, taken away a bounded batch at a time. */
@Injectable()
export class UserDataRepository {
  constructor(private readonly db: Database) {}

  /** Removes edges from and to the user, counts them off the other user, and publishes each; false when there was none. */
  async removeFollows(tx: Tx, userId: string): Promise<boolean> {
    let edges = await tx.query<Edge>(REMOVE_FOLLOWING, [userId, EDGES]);
    if (edges.length === 0) edges = await tx.query<Edge>(REMOVE_FOLLOWERS, [userId, EDGES]);
    if (edges.length === 0) return false;
    const events = edges.map(({ at, ...edge }) => eventRow(userEvent.unfollowed, { ...edge, at: at.toISOString() }));
    await tx.query(TELL, [
      events.map(({ id }) => id),
      events.map(({ subject }) => subject),
      events.map(({ payload }) => payload),
    ]);
    return true;
  }

  async removeSignIns(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(REMOVE_SIGN_INS, [userId, SIGN_INS])).length > 0;
  }

  /** Removes the profile and what hangs on it, unless a follow that was under way has left edges to remove first; false when it is gone already. */
  async removeProfile(tx: Tx, userId: string): Promise<boolean> {
    await tx.query('delete from second_factor where user_id = $1', [userId]);
    // Waits for a follow that is under way, and makes a later one find nobody.
    await tx.query('select from profile where id = $1 for update', [userId]);
    if ((await tx.query(HAS_EDGES, [userId])).length > 0) return true;
    // The deltas first, as the aggregation does: the other order could block it and be blocked by it.
    await tx.query('delete from follow_count_delta where user_id = $1', [userId]);
    await tx.query('delete from follow_count where user_id = $1', [userId]);
    return (await tx.query('delete from profile where id = $1 returning id', [userId])).length > 0;
  }

  /** Removes the kept answers that tell of the user: their own, and those that others got. */
  async purgeResponses(userId: string): Promise<void> {
    for (let after: string | null = ''; after !== null;) {
      const rows: { last: string | null }[] = await this.db.query(FORGET_ANSWERS, [after, `%${userId}%`, PAGE]);
      after = rows[0]!.last;
    }
  }

  /** Removes published events that tell of the user; false when there are some that still wait for being published. */
  async purgeEvents(userId: string): Promise<boolean> {
    let waiting = false;
    for (let after: string | null = FIRST_ID; after !== null;) {
      const rows: { last: string | null; waiting: boolean }[] = await this.db.query(FORGET_EVENTS, [
        after,
        `%${userId}%`,
        PAGE,
      ]);
      after = rows[0]!.last;
      waiting ||= rows[0]!.waiting;
    }
    return !waiting;
  }
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

// The list of ids is an array, so that both steps are look-ups by index however many edges there are.
const REMOVE_FOLLOWING = `
  with gone as (
    delete from follow where follower_id = $1
      and followee_id = any(array(select followee_id from follow where follower_id = $1 order by followee_id limit $2))
    returning follower_id, followee_id, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at
  ), counted as (
    insert into follow_count_delta (user_id, followers, following) select followee_id, -1, 0 from gone
  )
  select follower_id as "followerId", followee_id as "followeeId", version, at from gone`;

const REMOVE_FOLLOWERS = `
  with gone as (
    delete from follow where followee_id = $1
      and follower_id = any(array(select follower_id from follow where followee_id = $1 order by follower_id limit $2))
    returning follower_id, followee_id, nextval('edge_version') as version, clock_timestamp()::timestamptz(3) as at
  ), counted as (
    insert into follow_count_delta (user_id, followers, following) select follower_id, 0, -1 from gone
  )
  select follower_id as "followerId", followee_id as "followeeId", version, at from gone`;

const TELL = 'insert into outbox (id, subject, payload) select * from unnest($1::uuid[], $2::text[], $3::jsonb[])';

const HAS_EDGES =
  '(select from follow where follower_id = $1 limit 1) union all (select from follow where followee_id = $1 limit 1)';

const REMOVE_SIGN_INS =
  'delete from sign_in where id = any(array(select id from sign_in where user_id = $1 limit $2)) returning id';

const FORGET_ANSWERS = `
  with page as (select key, key like $2 or answer::text like $2 as mine from idempotency_key where key > $1 order by key limit $3),
  gone as (delete from idempotency_key where key = any(array(select key from page where mine)))
  select max(key) as last from page`;

const FORGET_EVENTS = `
  with page as (select id, published_at, payload::text like $2 as mine from outbox where id > $1 order by id limit $3),
  gone as (delete from outbox where id = any(array(select id from page where mine and published_at is not null)))
  select (select id from page order by id desc limit 1) as last, coalesce(bool_or(mine and published_at is null), false) as waiting from page`;
