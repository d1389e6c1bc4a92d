import { readFileSync } from 'node:fs';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '@fowergram/testing';

interface Column {
  type: string;
  nullable: boolean;
}
type Tables = Record<string, Record<string, Column>>;

const SCALARS: Record<string, string> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Boolean: 'bool',
  Json: 'jsonb',
  DateTime: 'timestamp',
  Float: 'float8',
  Bytes: 'bytea',
};
const NATIVE: Record<string, string> = {
  Uuid: 'uuid',
  Timestamptz: 'timestamptz',
  Integer: 'int4',
  SmallInt: 'int2',
  Text: 'text',
  Char: 'bpchar',
  JsonB: 'jsonb',
};

/** Reads tables and columns out of a schema.prisma; relations are not columns. */
function prismaTables(schema: string): Tables {
  const enums = new Set([...schema.matchAll(/^enum (\w+)/gm)].map((match) => match[1]));
  const tables: Tables = {};
  for (const [, name, body] of schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const table = /@@map\("(\w+)"\)/.exec(body!)?.[1] ?? name!;
    tables[table] = Object.fromEntries(body!.split('\n').flatMap((line) => columnOf(line, enums)));
  }
  return tables;
}

function columnOf(line: string, enums: Set<string | undefined>): [string, Column][] {
  const match = /^\s+(\w+)\s+(\w+)(\[\])?(\?)?\s*(.*)$/.exec(line);
  if (!match || line.trim().startsWith('//')) return [];
  const [, field, type, list, optional, rest] = match;
  const native = /@db\.(\w+)/.exec(rest!)?.[1];
  const unsupported = /^\("(\w+)"\)/.exec(rest!)?.[1];
  const base = unsupported ?? (native ? NATIVE[native] : enums.has(type) ? type!.toLowerCase() : SCALARS[type!]);
  if (!base) return [];
  return [
    [/@map\("(\w+)"\)/.exec(rest!)?.[1] ?? field!, { type: list ? `_${base}` : base, nullable: optional === '?' }],
  ];
}

async function databaseTables(url: string): Promise<Tables> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{
    table_name: string;
    column_name: string;
    udt_name: string;
    is_nullable: string;
  }>(
    `select table_name, column_name, udt_name, is_nullable from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'schema_migrations'`,
  );
  await client.end();
  const tables: Tables = {};
  for (const row of rows)
    (tables[row.table_name] ??= {})[row.column_name] = { type: row.udt_name, nullable: row.is_nullable === 'YES' };
  return tables;
}

describe.each(['user', 'post', 'media', 'notification'] as const)('the Prisma schema of %s', (service) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase(service);
  });

  afterAll(() => database?.drop());

  it('has the same tables and columns as the migrated database', async () => {
    expect(prismaTables(readFileSync(`prisma/${service}/schema.prisma`, 'utf8'))).toEqual(
      await databaseTables(database.url),
    );
  });
});
