import { newId } from '@fowergram/database';
import { askOperators } from '@fowergram/testing';
import type { World } from './world.js';

/** The feed as one plain statement over the truth says it is: slow, and right. */
export async function oracle({ db, users }: World, viewerId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from post where author_id = any($1::uuid[]) and deleted_at is null order by created_at desc, id desc',
    [[viewerId, ...users.followeesOf(viewerId).filter((id) => !users.hidden.has(id))]],
  );
  return rows.map((row) => row.id);
}

/** Posts that are there already, many of them of the same millisecond; no event is published. */
export async function oldPosts({ db }: World, authorIds: string[], count: number, perMillisecond = 3): Promise<void> {
  const ids = Array.from({ length: count }, newId);
  await db.query(
    `insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
     select gen_random_uuid(), ($1::uuid[])[1 + (n % cardinality($1::uuid[]))], 'old ' || n, '{}', '{}', false, id,
       now() - interval '1 day' - (n / $3::integer) * interval '1 millisecond'
     from unnest($2::uuid[]) with ordinality as t (id, n)`,
    [authorIds, ids, perMillisecond],
  );
}

/** How many stretches of feeds came from where since the service started. */
export async function readsFrom({ app }: World, source: 'cache' | 'rebuilt' | 'stored'): Promise<number> {
  const { body } = await askOperators(app, '/metrics');
  return Number(
    new RegExp(`^home_feed_reads_total\\{[^}]*source="${source}"[^}]*\\} (\\d+)`, 'm').exec(body)?.[1] ?? 0,
  );
}
