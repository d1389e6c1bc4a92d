/** What is counted, where the number is stored, and how it is counted again. */
export interface Counted {
  /** Where the number is stored: in `column` of the row of `table` whose `key` it is. */
  table: string;
  column: string;
  key: string;
  /** Where changes wait that are not aggregated yet. */
  delta: string;
  deltaKey: string;
  deltaColumn: string;
  /** The keys whose number must be true: those after $1, at most $2, in order. */
  keys: string;
  /** What stands before every key. */
  after: string;
  /** How many edges `page.key` has: a query of one number. */
  edges: string;
}

/** A counter of the registry of a service. */
export interface Counter {
  table: string;
  column: string;
  /** Undefined where the number is changed in its row, in the transaction of the edge. */
  delta?: string;
  deltaColumn?: string;
  after: string;
  /** Counts a page of keys again, after $1 and at most $2, and mends what is wrong if $3. */
  audit: string;
}

/** Stands before every id. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** The keys of a table with one row for each, of which some may be left out. */
export const keysOf = (table: string, key: string, condition = 'true'): string =>
  `select ${key} as key from ${table} where ${key} > $1 and ${condition} order by ${key} limit $2`;

// One statement is one snapshot, in which an edge and its delta are both there or both not, and so are the two sides of an aggregation:
// what differs is wrong, whatever is written meanwhile.
const RESULT = `
  select (select key from page order by key desc limit 1) as last, count(*)::integer as keys,
    count(*) filter (where drift <> 0)::integer as drifted, coalesce(sum(abs(drift)), 0)::bigint as drift,
    (array_agg(key) filter (where drift <> 0))[1:5] as examples
  from counted`;

/** A counter whose edges write delta rows. It is mended by one more of these, so the aggregation and every reader go on meanwhile. */
export const counter = (counted: Counted): Counter => ({
  table: counted.table,
  column: counted.column,
  delta: counted.delta,
  deltaColumn: counted.deltaColumn,
  after: counted.after,
  audit: `
  with page as (
    ${counted.keys}
  ), counted as (
    select page.key,
      coalesce((select ${counted.column} from ${counted.table} where ${counted.key} = page.key), 0)
      + coalesce((select sum(${counted.deltaColumn}) from ${counted.delta} where ${counted.deltaKey} = page.key), 0)
      - (${counted.edges}) as drift
    from page
  ), mended as (
    insert into ${counted.delta} (${counted.deltaKey}, ${counted.deltaColumn})
    select key, -drift from counted where drift <> 0 and $3::boolean
  )
  ${RESULT}`,
});

/** A counter that each edge changes in its row. What is added meanwhile stays added: the row is changed by the difference. */
export const counterInRow = (counted: Omit<Counted, 'delta' | 'deltaKey' | 'deltaColumn'>): Counter => ({
  table: counted.table,
  column: counted.column,
  after: counted.after,
  audit: `
  with page as (
    ${counted.keys}
  ), counted as (
    select page.key,
      coalesce((select ${counted.column} from ${counted.table} where ${counted.key} = page.key), 0)
      - (${counted.edges}) as drift
    from page
  ), mended as (
    update ${counted.table} set
      ${counted.column} = ${counted.column} - ((select jsonb_object_agg(key, drift) from counted) ->> ${counted.key}::text)::bigint
    where ${counted.key} = any(array(select key from counted where drift <> 0 and $3::boolean))
  )
  ${RESULT}`,
});

/** The name of a counter: where it is stored. */
export const nameOf = ({ table, column }: Counter): string => `${table}.${column}`;
