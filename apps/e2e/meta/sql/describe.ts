import pg from 'pg';
import { Database } from '@fowergram/database';
import { connected, explain } from './explain.js';
import { excludesNull, type Plan, nullableOutputs } from './plan.js';
import { canBeNull, selectList } from './select-list.js';

export interface Column {
  name: string;
  /** What the driver makes of a value: number, string, boolean, Date, object, void, or one of these with []. */
  kind: string;
  /** Undefined where only the data can tell. */
  nullable: boolean | undefined;
}

export interface Description {
  columns: Column[];
  parameters: number;
  plan: Plan;
}

/** A value of each type in the text format of Postgres. */
const SAMPLES: Record<string, string> = {
  ...{ int2: '1', int4: '1', int8: '1', float4: '1', float8: '1', numeric: '1', bool: 't' },
  ...{ text: 'a', varchar: 'a', bpchar: 'a', uuid: 'a', inet: 'a', bytea: '\\x00' },
  ...{ timestamptz: '2000-01-01 00:00:00+00', json: '{}', jsonb: '{}' },
};

/** Plans with every condition: a partial index says its own by being used. */
const WITHOUT_INDEXES = ['enable_indexscan = off', 'enable_indexonlyscan = off', 'enable_bitmapscan = off'];

interface Catalog {
  types: Map<number, { name: string; element: number; isEnum: boolean }>;
  /** `table.column` by their numbers. */
  notNull: Set<string>;
}

/** Asks one migrated database what its statements return, without running them. */
export class Describer {
  private constructor(
    private readonly db: Database,
    private readonly client: pg.PoolClient,
    private readonly catalog: Catalog,
  ) {}

  static async open(url: string): Promise<Describer> {
    const db = new Database({ url, max: 2 });
    return new Describer(db, await connected(db, WITHOUT_INDEXES), await catalogOf(db));
  }

  async close(): Promise<void> {
    this.client.release();
    await this.db.close();
  }

  /** Throws what Postgres says of a statement that it cannot prepare. */
  async describe(text: string): Promise<Description> {
    const { fields, parameters, plan } = await explain(this.client, text);
    return { columns: this.columnsOf(fields, text, plan), parameters, plan };
  }

  private columnsOf(fields: pg.FieldDef[], text: string, plan: Plan): Column[] {
    const items = selectList(text);
    const isOuter = nullableOutputs(plan);
    const isNeverNull = excludesNull(plan);
    const stored = ({ tableID, columnID }: pg.FieldDef, output: string | undefined): boolean | undefined => {
      if (this.catalog.notNull.has(`${tableID}.${columnID}`) || isOuter(output)) return isOuter(output);
      return isNeverNull(output) ? undefined : true;
    };
    const computed = (index: number) => (items.length === fields.length ? canBeNull(items[index]!) : undefined);
    return fields.map((field, index) => ({
      name: field.name,
      kind: this.kindOf(field.dataTypeID),
      nullable: field.tableID === 0 ? computed(index) : stored(field, plan.Output?.[index]),
    }));
  }

  private kindOf(oid: number): string {
    const { name, element, isEnum } = this.catalog.types.get(oid)!;
    if (name === 'void') return 'void';
    const list = name.startsWith('_') ? this.catalog.types.get(element) : undefined;
    const sample = isEnum || list?.isEnum ? 'a' : SAMPLES[list?.name ?? name];
    if (!sample) throw new Error(`nobody has said what the driver makes of the type ${name}`);
    return kindOfValue(pg.types.getTypeParser(oid)(list ? `{${JSON.stringify(sample)}}` : sample));
  }
}

async function catalogOf(db: Database): Promise<Catalog> {
  const types = await db.query<{ oid: number; name: string; element: number; isEnum: boolean }>(
    `select oid::int8, typname::text as name, typelem::int8 as element, typtype = 'e' as "isEnum" from pg_type`,
  );
  const columns = await db.query<{ key: string }>(
    `select attrelid || '.' || attnum as key from pg_attribute where attnotnull and attnum > 0`,
  );
  return { types: new Map(types.map((type) => [type.oid, type])), notNull: new Set(columns.map(({ key }) => key)) };
}

function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return `${kindOfValue(value[0])}[]`;
  return value instanceof Date ? 'Date' : typeof value;
}
