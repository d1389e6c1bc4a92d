import { type Database, one } from '@fowergram/database';

/** A counter with delta rows, as its registry names it. */
interface Deltas {
  delta?: string;
  deltaColumn?: string;
}

/** Runs while nobody adds the deltas of these counters to the stored numbers; each aggregator is known by its name. */
export async function whileNotAggregated<T>(db: Database, names: string[], work: () => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext(name)) from unnest($1::text[]) name', [
      names.map((name) => `aggregate:${name}`),
    ]);
    return work();
  });
}

/** Takes a waiting delta row of a counter away, as if a statement had not written it; answers by how much the counter is wrong then. */
export const loseDelta = (db: Database, { delta, deltaColumn }: Deltas): Promise<number> =>
  changed(db, `delete from ${delta} where id = ${firstOf(delta, deltaColumn)} returning abs(${deltaColumn}) as drift`);

/** Lets a waiting delta row of a counter count twice, as if a statement had run twice; answers by how much the counter is wrong then. */
export const doubleDelta = (db: Database, { delta, deltaColumn }: Deltas): Promise<number> =>
  changed(
    db,
    `update ${delta} set ${deltaColumn} = 2 * ${deltaColumn} where id = ${firstOf(delta, deltaColumn)}
     returning abs(${deltaColumn}) / 2 as drift`,
  );

const firstOf = (delta?: string, column?: string): string =>
  `(select id from ${delta} where ${column} <> 0 order by id limit 1)`;

async function changed(db: Database, statement: string): Promise<number> {
  return one(await db.query<{ drift: number }>(statement)).drift;
}
