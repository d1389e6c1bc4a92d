import pg from 'pg';
import { copyRows } from './copy-rows.js';
import { CROWD_TABLES, type TableRows } from './crowd-rows.js';
import { type CrowdSize, CrowdShape } from './crowd-shape.js';

export interface CrowdOptions extends CrowdSize {
  /** Addresses of the services' databases, each for its service. */
  databases: Record<string, string>;
  /** Who owns the tables, for statistics: without them, the first questions are planned for empty tables. */
  adminUrl: string;
  /** When the newest of it happened. */
  endsAt?: number;
  say(line: string): void;
}

export interface SeededCrowd {
  shape: CrowdShape;
  rows: number;
  seconds: number;
}

/**
 * Fills the databases beside the running services as a year of use would: few have very many followers, likes and comments, most have
 * some. No event is published, nobody can sign in as one of the crowd, and the pictures have rows and no bytes.
 */
export async function seedCrowd(options: CrowdOptions): Promise<SeededCrowd> {
  const { say, endsAt = Date.now() } = options;
  const shape = new CrowdShape(options, endsAt);
  const startedAt = performance.now();
  let rows = 0;
  for (const table of CROWD_TABLES) {
    const before = performance.now();
    const written = await fill(options, table, shape);
    const seconds = (performance.now() - before) / 1_000;
    say(
      `${table.service}.${table.table}: ${written.toLocaleString('en')} rows, ${Math.round(written / seconds).toLocaleString('en')} a second`,
    );
    rows += written;
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const { service, table } of CROWD_TABLES) await vacuum(options, service, table);
  return { shape, rows, seconds };
}

async function fill(
  { databases }: CrowdOptions,
  { service, table, columns, lines }: TableRows,
  shape: CrowdShape,
): Promise<number> {
  return withClient(databases[service]!, (client) =>
    copyRows(client, `${table} (${columns.join(', ')})`, lines(shape)),
  );
}

async function vacuum({ adminUrl, databases }: CrowdOptions, service: string, table: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = new URL(databases[service]!).pathname;
  await withClient(url.href, (client) => client.query(`vacuum (analyze) ${table}`));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
