import { AppError } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { accountRpc, type Erasure, type ErasurePart } from '@fowergram/contracts-user';
import { eventually, type TestMessaging } from '@fowergram/testing';
import type { World } from '../world.js';

export interface FakeMediaErasure {
  /** How many more calls an owner's media take; one by default. */
  batches: Map<string, number>;
  /** Owners whose media cannot be erased, for a reason of their own. */
  broken: Set<string>;
  /** Whose media were asked to be erased, call by call. */
  asked: string[];
}

/** Answers for the media service: erases an owner's media in as many calls as the test says. */
export async function serveMediaErasing(messaging: TestMessaging): Promise<FakeMediaErasure> {
  const media: FakeMediaErasure = { batches: new Map(), broken: new Set(), asked: [] };
  await messaging.answer(mediaRpc.eraseOwned, ({ ownerId }) => {
    media.asked.push(ownerId);
    if (media.broken.has(ownerId)) throw new AppError('INTERNAL', 'The objects of this owner cannot be listed.');
    const left = (media.batches.get(ownerId) ?? 1) - 1;
    media.batches.set(ownerId, Math.max(1, left));
    return { done: left <= 0 };
  });
  return media;
}

/** Makes the deletion one that was asked for long ago, so that nothing of that time can be under way any more. */
export const finishErasure = (world: World, erasure: Erasure): Promise<unknown> =>
  world.db.query(`update erasure set requested_at = requested_at - interval '1 minute' where id = $1`, [erasure.id]);

export const partsDone = async (world: World, erasure: Erasure): Promise<ErasurePart[]> => {
  const { parts } = (await world.call(accountRpc.erasure, { id: erasure.id }))!;
  return parts.filter(({ doneAt }) => doneAt !== null).map(({ part }) => part);
};

/** Waits until the user service has done its own part. */
export const userPartDone = (world: World, erasure: Erasure): Promise<unknown> =>
  eventually(async () => (await partsDone(world, erasure)).includes('user'));

/** Every table and column of the database that has the text somewhere in it, as `table.column`. */
export async function placesOf(world: World, text: string): Promise<string[]> {
  const columns = await world.db.query<{ table: string; column: string }>(`
    select table_name as table, column_name as column from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'`);
  const places: string[] = [];
  for (const { table, column } of columns) {
    const hits = await world.db.query(`select from "${table}" where "${column}"::text ilike $1 limit 1`, [
      `%${text.replaceAll('_', '\\_')}%`,
    ]);
    if (hits.length > 0) places.push(`${table}.${column}`);
  }
  return places.sort();
}

/** Edges by the wrong count of either end, once all deltas are folded. */
export async function wrongCounts(world: World): Promise<unknown[]> {
  await eventually(async () => (await world.db.query('select from follow_count_delta limit 1')).length === 0);
  return world.db.query(`
    select c.user_id from follow_count c
    where c.follower_count <> (select count(*) from follow where followee_id = c.user_id)
       or c.following_count <> (select count(*) from follow where follower_id = c.user_id)`);
}
