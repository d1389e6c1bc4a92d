import type pg from 'pg';

/** Sorts of indexes that fit in here are made in memory. */
const SORT_MEMORY = '256MB';

/**
 * Loads tables without their indexes and foreign keys, and makes these again from all rows: one transaction, so that a load that fails
 * leaves everything as it was. Others wait for these tables until it ends. Where `load` writes what triggers would write of each row,
 * none of them fires meanwhile.
 */
export async function bulkLoad<T>(
  client: pg.Client,
  { tables, isDerived }: { tables: string[]; isDerived: boolean },
  load: () => Promise<T>,
): Promise<T> {
  await client.query('begin');
  await client.query(`set local maintenance_work_mem = '${SORT_MEMORY}'`);
  await client.query(`lock table ${tables.join(', ')} in access exclusive mode`);
  const { rows: parts } = await client.query<{ drop: string; make: string }>(PARTS, [tables]);
  const fire = async (how: 'disable' | 'enable') => {
    if (isDerived) for (const table of tables) await client.query(`alter table ${table} ${how} trigger user`);
  };
  await fire('disable');
  for (const { drop } of parts.toReversed()) await client.query(drop);
  const loaded = await load();
  for (const { make } of parts) await client.query(make);
  await fire('enable');
  await client.query('commit');
  return loaded;
}

/** In the order in which they were made, foreign keys last. A key that other tables refer to stays. */
const PARTS = `
  select format('drop index %I', name) as drop, pg_get_indexdef(id) as make, false as refers, id
  from (select indexrelid as id, indexrelid::regclass as name from pg_index where indrelid = any($1::regclass[])) i
  where not exists (select from pg_constraint where conindid = i.id)
  union all
  select format('alter table %s drop constraint %I', conrelid::regclass, conname),
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)),
    contype = 'f', case contype when 'f' then c.oid else conindid end
  from pg_constraint c
  where conrelid = any($1::regclass[]) and contype in ('p', 'u', 'f')
    and (contype = 'f' or not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid))
  order by refers, id`;
