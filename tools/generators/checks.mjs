import { Script } from 'node:vm';
import { buildSchema } from 'graphql';

/** Stops a generator before it has written anything; the sentence says what to do instead. */
export function refuseIf(condition, sentence) {
  if (condition) throw new Error(sentence);
}

/** Refuses what TypeScript or Postgres keeps for itself; each name comes with the word that it is made of. */
export function refuseReserved({ code = [], tables = [] }) {
  for (const name of code)
    refuseIf(isReservedInCode(name), `"${name}" is a reserved word of TypeScript: choose another name.`);
  for (const name of tables)
    refuseIf(
      RESERVED_IN_SQL.has(name),
      `"${name}" is a reserved word of SQL and cannot name a table: choose another name.`,
    );
}

/** Refuses a name that is no method, or that the type has already in the GraphQL schema. */
export function refuseGraphqlName(tree, type, name) {
  refuseIf(!/^[a-z][A-Za-z0-9]*$/.test(name), `"${name}" is no name of a field: use camelCase, such as savePost.`);
  refuseReserved({ code: [name] });
  const fields = buildSchema(tree.read('apps/gateway/schema.graphql', 'utf8')).getType(type).getFields();
  refuseIf(name in fields, `${type}.${name} exists already in apps/gateway/schema.graphql: choose another name.`);
}

function isReservedInCode(name) {
  try {
    new Script(`'use strict'; async () => { const ${name} = 1; };`);
    return false;
  } catch {
    return true;
  }
}

/** The key words that Postgres reserves ("reserved" in its appendix C), as far as they are single words that a noun can be. */
const RESERVED_IN_SQL = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
  deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or
  order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table
  tablesample then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/),
);
