import type pg from 'pg';

const ROWS = 1_000_000;

/** Nothing forbids a row of a key alone any more. */
const FREE = `
  do $$ declare statement text; begin
    for statement in
      select format('alter table %s drop constraint %I', conrelid::regclass, conname) from pg_constraint
      where contype in ('c', 'f') and connamespace = 'public'::regnamespace
      union all
      select format('alter table %s alter column %I drop not null', attrelid::regclass, attname)
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and attnotnull and not attisdropped
        and not exists (select from pg_index where indrelid = attrelid and indisprimary and attnum = any(indkey))
    loop execute statement; end loop;
  end $$`;

/** A table and its key have a page each. */
const FILL = `
  do $$ declare statement text; begin
    for statement in
      select format('insert into %s (%s) overriding system value values (%s)', attrelid::regclass, string_agg(quote_ident(attname), ', '),
        string_agg(case when atttypid = 'uuid'::regtype then 'gen_random_uuid()' else quote_literal('1') end, ', '))
      from pg_attribute join pg_class on pg_class.oid = attrelid join pg_index on indrelid = attrelid and indisprimary
      where relnamespace = 'public'::regnamespace and attnum = any(indkey)
      group by attrelid
    loop execute statement; end loop;
  end $$`;

/** Also a partial index has a page, with that one row in it: without any, it would look like the cheapest way to everything. */
const FILL_PARTIAL_INDEXES = `
  create table partial_index as select indexrelid, indpred from pg_index where indpred is not null;
  update pg_index set indpred = null where indpred is not null;
  do $$ declare index regclass; begin
    for index in select indexrelid from partial_index loop execute format('reindex index %s', index); end loop;
  end $$;
  update pg_index i set indpred = p.indpred from partial_index p where p.indexrelid = i.indexrelid;
  drop table partial_index`;

const SAY_LARGE = `
  update pg_class set reltuples = ${ROWS}, relpages = pg_relation_size(oid) / current_setting('block_size')::integer
  where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace`;

/** Makes Postgres plan for tables of a million rows each, of whose values it knows nothing. The database is good for nothing else then. */
export async function pretendLargeTables(client: pg.ClientBase): Promise<void> {
  await client.query('set session_replication_role = replica');
  for (const statements of [FREE, FILL, FILL_PARTIAL_INDEXES, SAY_LARGE]) await client.query(statements);
}
