import type { Event, Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { eventSubject } from '@fowergram/messaging';
import { eventually } from '@fowergram/testing';
import type { World } from './world.js';

/** The tables of the service that name a user anywhere in any row. */
export async function tablesNaming({ db }: World, userId: string): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const naming: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await db.pool.query(`select from "${name}" as row where row::text like $1 limit 1`, [
      `%${userId}%`,
    ]);
    if (rowCount) naming.push(name);
  }
  return naming.sort();
}

/** Posts and authors whose counters, aggregated or not, differ from what they count. */
export async function wrongCounts({ db }: World): Promise<unknown[]> {
  return db.query(`
    select p.id, p.like_count, p.comment_count from post p
    where p.like_count + (select coalesce(sum(likes), 0) from post_counter_delta where post_id = p.id) <> (select count(*) from post_like where post_id = p.id)
      or p.comment_count + (select coalesce(sum(comments), 0) from post_counter_delta where post_id = p.id)
        <> (select count(*) from comment where post_id = p.id and deleted_at is null)
      or p.save_count + (select coalesce(sum(saves), 0) from post_counter_delta where post_id = p.id) <> (select count(*) from saved_post where post_id = p.id)
      or p.repost_count + (select coalesce(sum(reposts), 0) from post_counter_delta where post_id = p.id)
        <> (select count(*) from post r where r.repost_of = p.id and r.state = 'PUBLISHED')
    union all
    select c.id, c.like_count, c.reply_count from comment c
    where c.like_count + (select coalesce(sum(likes), 0) from comment_counter_delta where comment_id = c.id) <> (select count(*) from comment_like where comment_id = c.id)
      or c.reply_count + (select coalesce(sum(replies), 0) from comment_counter_delta where comment_id = c.id)
        <> (select count(*) from comment where top_id = c.id and deleted_at is null)
    union all
    select a.author_id, a.post_count, null from author_counter a
    where a.post_count + (select coalesce(sum(posts), 0) from author_counter_delta where author_id = a.author_id)
      <> (select count(*) from post where author_id = a.author_id and repost_of is null and deleted_at is null)`);
}

/** Everything of one event that is published from here on, each once. */
export async function listenTo<E extends Event>({ messaging }: World, contract: E): Promise<Payload<E>[]> {
  const received: Payload<E>[] = [];
  const seen = new Set<string>();
  messaging.nats.subscribe(eventSubject(contract), {
    callback: (_error, message) => {
      const id = message.headers?.get('Nats-Msg-Id') ?? '';
      if (!seen.has(id)) received.push(message.json<Payload<E>>());
      seen.add(id);
    },
  });
  await messaging.nats.flush();
  return received;
}

export const requestErasure = (world: World, userId: string): Promise<void> =>
  world.deliver(userEvent.accountDeleted, { userId });

/** Waits until the end of the erasure is reported to the user service. */
export async function untilErased({ users }: World, userId: string): Promise<void> {
  await eventually(() => users.erased.includes(userId));
}

export interface Deletions {
  deleted: Payload<typeof postEvent.deleted>[];
  unliked: Payload<typeof postEvent.unliked>[];
  commentDeleted: Payload<typeof postEvent.commentDeleted>[];
}

/** The events by which other services learn what an erasure deletes. */
export async function listenForDeletions(world: World): Promise<Deletions> {
  return {
    deleted: await listenTo(world, postEvent.deleted),
    unliked: await listenTo(world, postEvent.unliked),
    commentDeleted: await listenTo(world, postEvent.commentDeleted),
  };
}
