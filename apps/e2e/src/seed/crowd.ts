import pg from 'pg';
import { bulkLoad } from './bulk-load.js';
import { copyRows } from './copy-rows.js';
import { CROWD_TABLES, type TableRows } from './crowd-rows.js';
import { type CrowdSize, CrowdShape } from './crowd-shape.js';

export interface CrowdOptions extends CrowdSize {
  /** Addresses of the services' databases, each for its service. */
  databases: Record<string, string>;
  /** Of somebody who may act as the owner of the tables. */
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
  const shape = new CrowdShape(options, options.endsAt ?? Date.now());
  const startedAt = performance.now();
  const [profiles, ...others] = CROWD_TABLES;
  // A crowd that is there already is refused at once by its profiles. After them, the services' databases are filled at the same time.
  let rows = await fillTable(options, profiles!, shape);
  const services = [...new Set(CROWD_TABLES.map(({ service }) => service))];
  const fillService = async (service: string) => {
    for (const table of others.filter((each) => each.service === service)) {
      const written = await fillTable(options, table, shape);
      rows += written;
    }
  };
  const filled = await Promise.allSettled(services.map(fillService));
  for (const service of filled) if (service.status === 'rejected') throw service.reason;
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const service of services)
    await withClient(adminUrlOf(options, service), (client) => client.query('vacuum (analyze)'));
  return { shape, rows, seconds };
}

async function fillTable(options: CrowdOptions, table: TableRows, shape: CrowdShape): Promise<number> {
  const startedAt = performance.now();
  const rows = await withClient(adminUrlOf(options, table.service), (client) => fill(client, table, shape));
  const perSecond = Math.round((rows * 1_000) / (performance.now() - startedAt));
  options.say(
    `${table.service}.${table.table}: ${rows.toLocaleString('en')} rows, ${perSecond.toLocaleString('en')} a second`,
  );
  return rows;
}

function fill(client: pg.Client, { table, columns, lines, derived }: TableRows, shape: CrowdShape): Promise<number> {
  const tables = [table, ...(derived?.tables ?? [])];
  return bulkLoad(client, { tables, isDerived: derived !== undefined }, async () => {
    const rows = await copyRows(client, `${table} (${columns.join(', ')})`, lines(shape));
    for (const statement of derived?.statements ?? []) await client.query(statement);
    return rows;
  });
}

function adminUrlOf({ adminUrl, databases }: CrowdOptions, service: string): string {
  const url = new URL(adminUrl);
  url.pathname = new URL(databases[service]!).pathname;
  return url.href;
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
