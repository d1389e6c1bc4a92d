// What taking a migration back would lose: its `down` is run in a transaction that is never committed, and the tables are compared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Whoever waits for a lock of a busy table holds up everybody behind: the trial would rather fail. */
const LOCK_WAIT = '2s';
/** Beyond this, rows are "more than". */
export const MOST_COUNTED = 1_000_000;

/**
 * What would go with the newest migration of a database; nothing where none is applied.
 * @typedef {{ table: string, column?: string, rows: number }} Loss
 * @returns {Promise<{ file: string, losses: (Loss & { what: 'table' | 'column' | 'type of' | 'rows of' | 'values of' })[] } | undefined>}
 */
export async function lossOf({ url, migrations }) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select max(version) as version from schema_migrations');
    const { version } = rows[0];
    const file = version && readdirSync(migrations).find((name) => name.startsWith(`${version}_`));
    if (!version) return undefined;
    if (!file) throw new Error(`The migration ${version} is applied, but its file is not in ${migrations}.`);
    return { file, losses: await tryOut(client, downOf(readFileSync(join(migrations, file), 'utf8'))) };
  } finally {
    await client.end();
  }
}

/** The part of a migration that takes it back. What only works outside of a transaction is replaced by what does the same inside. */
export function downOf(text) {
  const down = text.split(/^-- migrate:down.*$/m)[1] ?? '';
  return down.replace(/\bconcurrently\b/gi, '');
}

async function tryOut(client, down) {
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = '${LOCK_WAIT}'`);
    const before = await columnsOf(client);
    await client.query('savepoint trial');
    await client.query(down);
    const after = await columnsOf(client);
    const { rows: changed } = await client.query(CHANGED);
    await client.query('rollback to savepoint trial');
    const counted = [];
    for (const loss of lostBetween(before, after)) counted.push({ ...loss, rows: await rowsOf(client, loss) });
    return [...counted, ...changed.filter(({ rows }) => rows > 0)];
  } finally {
    await client.query('rollback');
  }
}

const COLUMNS = `
  select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relkind in ('r', 'p')`;

// Rows that the transaction itself has deleted or changed.
const CHANGED = `
  select relname as table, what, rows::int as rows
  from pg_stat_xact_user_tables, lateral (values ('rows of', n_tup_del), ('values of', n_tup_upd)) as did (what, rows)
  where schemaname = 'public'`;

async function columnsOf(client) {
  const { rows } = await client.query(COLUMNS);
  return rows;
}

function lostBetween(before, after) {
  const tables = new Set(after.map(({ table }) => table));
  const types = new Map(after.map(({ table, column, type }) => [`${table}.${column}`, type]));
  const dropped = new Set(before.map(({ table }) => table).filter((table) => !tables.has(table)));
  return [
    ...[...dropped].map((table) => ({ what: 'table', table })),
    ...before
      .filter(({ table, column, type }) => tables.has(table) && types.get(`${table}.${column}`) !== type)
      .map(({ table, column }) => ({ what: types.has(`${table}.${column}`) ? 'type of' : 'column', table, column })),
  ];
}

async function rowsOf(client, { table, column }) {
  const holding = column ? `where ${client.escapeIdentifier(column)} is not null` : '';
  const { rows } = await client.query(
    `select count(*)::int as rows from (select from ${client.escapeIdentifier(table)} ${holding} limit ${MOST_COUNTED + 1}) few`,
  );
  return rows[0].rows;
}
