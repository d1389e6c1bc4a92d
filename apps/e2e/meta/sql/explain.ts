import pg from 'pg';
import type { Database } from '@fowergram/database';
import type { Plan } from './plan.js';

export interface Explained {
  fields: pg.FieldDef[];
  parameters: number;
  plan: Plan;
}

/** A connection that plans for any values, not for the nulls that stand in for them. */
export async function connected(db: Database, settings: string[]): Promise<pg.PoolClient> {
  const client = await db.pool.connect();
  for (const setting of ['plan_cache_mode = force_generic_plan', ...settings]) await client.query(`set ${setting}`);
  return client;
}

/** What Postgres says of a statement without running it; throws when it cannot prepare it. */
export async function explain(client: pg.PoolClient, text: string): Promise<Explained> {
  const fields = await new Promise<pg.FieldDef[]>((resolve, reject) => {
    client.query(new Describe(text, resolve, reject));
  });
  const [{ parameters }] = (
    await client.query<{ parameters: number }>(
      `select cardinality(parameter_types) as parameters from pg_prepared_statements where name = 'asked'`,
    )
  ).rows as [{ parameters: number }];
  const plan = await planOf(client, parameters);
  await client.query('deallocate asked');
  return { fields, parameters, plan };
}

async function planOf(client: pg.PoolClient, parameters: number): Promise<Plan> {
  const values = parameters > 0 ? `(${Array(parameters).fill('null').join()})` : '';
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (verbose, format json) execute asked${values}`,
  );
  return rows[0]!['QUERY PLAN'][0].Plan;
}

/** Parses and describes a statement by the extended protocol. */
class Describe implements pg.Submittable {
  private fields: pg.FieldDef[] = [];

  constructor(
    private readonly text: string,
    private readonly resolve: (fields: pg.FieldDef[]) => void,
    readonly handleError: (error: Error) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.parse({ name: 'asked', text: this.text, types: [] }, true);
    connection.describe({ type: 'S', name: 'asked' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    this.fields = fields;
  }

  handleReadyForQuery(): void {
    this.resolve(this.fields);
  }
}
