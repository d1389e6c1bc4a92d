import pg from 'pg';
import type { Facts } from './scene.js';
import { FEEDS, TRUTH_TABLES } from './truth.sql.js';

/** What was acknowledged, and the feeds that follow from it. */
export class Truth {
  private constructor(private readonly pool: pg.Pool) {}

  /** In a schema of its own beside the tables of the service, which it does not look at. */
  static async open(databaseUrl: string): Promise<Truth> {
    // Its tables are small, and each row is looked up by key. They grow all the time, so a plan is not kept.
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 4, options: '-c enable_hashjoin=off' });
    await pool.query(TRUTH_TABLES);
    return new Truth(pool);
  }

  async addUsers(island: number, ids: string[]): Promise<void> {
    await this.pool.query('insert into truth.account (id, island) select id, $1 from unnest($2::uuid[]) id', [
      island,
      ids,
    ]);
  }

  async write(facts: Facts): Promise<void> {
    for (const [sql, values] of facts) await this.pool.query(sql, values);
  }

  /** The whole feed of each of these viewers. */
  async feeds(island: number, viewerIds: string[]): Promise<Map<string, string[]>> {
    const { rows } = await this.pool.query<{ viewerId: string; ids: string[] }>(FEEDS, [viewerIds, island]);
    const found = new Map(rows.map(({ viewerId, ids }) => [viewerId, ids]));
    return new Map(viewerIds.map((id) => [id, found.get(id) ?? []]));
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
