import pg from 'pg';
import { createDatabase } from '@fowergram/testing';
import { idColumns, OWN_POST, POST, USER } from '../src/id-columns.js';

const services = ['user', 'post', 'media', 'notification'] as const;

/** The columns of a service that can hold ids by their type, and those that hold one as text by their name. */
async function columnsOf(service: (typeof services)[number]): Promise<{ column: string; holdsIds: boolean }[]> {
  const database = await createDatabase(service);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ column: string; holdsIds: boolean }>(`
    select c.relname || '.' || a.attname as column,
      t.typname ~ '^_?(uuid|json|jsonb)$' or (t.typcategory in ('S', 'A') and a.attname ~ '(^|_)ids?$') as "holdsIds"
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
    join pg_type t on t.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped`);
  await client.end();
  await database.drop();
  return rows.map(({ column, holdsIds }) => ({ column: `${service}.${column}`, holdsIds }));
}

describe('a column that can hold ids', () => {
  let columns: { column: string; holdsIds: boolean }[];

  beforeAll(async () => {
    columns = (await Promise.all(services.map(columnsOf))).flat();
  });

  it('is said to name a user or something else, so that no new table escapes the erasure of accounts', () => {
    const unclassified = columns.filter(({ column, holdsIds }) => holdsIds && !(column in idColumns));
    expect(
      unclassified.map(
        ({ column }) =>
          `${column} is new: say in apps/e2e/src/id-columns.ts whether it names a user. If it does, an .erasure.ts deletes it and apps/e2e/src/full-account.ts fills it.`,
      ),
    ).toEqual([]);
  });

  it('is said to hang on a post where the post service calls it so, so that no new table outlives the posts of an erased account', () => {
    const ofPosts = columns.map(({ column }) => column).filter((column) => /^post\.\w+\.post_id$/.test(column));
    expect(ofPosts.length).toBeGreaterThan(2);
    const isOwn = (column: string) =>
      idColumns[column] === OWN_POST && idColumns[column.replace('.post_id', '.author_id')] === USER;
    expect(ofPosts.filter((column) => idColumns[column] !== POST && !isOwn(column))).toEqual([]);
  });

  it('exists where the list names it', () => {
    const known = new Set(columns.map(({ column }) => column));
    expect(Object.keys(idColumns).filter((column) => !known.has(column))).toEqual([]);
  });
});
