import ts from 'typescript';
import type { Column, Description } from './describe.js';
import type { Statement } from './statements.js';

interface Claim {
  kinds: Set<string>;
  /** Undefined where some rows have no such column, as in `Row | { id: null }`. */
  nullable: boolean | undefined;
}

/** What is false about the row type and the values of a call. */
export function compare(
  { row, values }: Statement,
  { columns, parameters }: Description,
  checker: ts.TypeChecker,
): string[] {
  const claims = claimsOf(row, checker);
  const passed = values === undefined || values === parameters ? [] : [`passes ${values} values for ${parameters}`];
  if (!claims) return passed;
  const named = new Map(columns.map((column) => [column.name, column]));
  const missing = [...claims.keys()].filter((name) => !named.has(name));
  const ignored = columns.filter(({ name, kind }) => !claims.has(name) && kind !== 'void');
  return [
    ...passed,
    ...missing.map((name) => `claims a column ${name}, which the statement does not return`),
    ...ignored.map(({ name }) => `does not claim the column ${name}, which the statement returns`),
    ...columns.flatMap((column) => contradictions(column, claims.get(column.name))),
  ];
}

function contradictions({ name, kind, nullable }: Column, claim: Claim | undefined): string[] {
  if (!claim) return [];
  const wrong = [...claim.kinds].filter((claimed) => !accepts(claimed, kind));
  return [
    ...wrong.map((claimed) => `claims that ${name} is ${claimed}, but it is ${kind}`),
    ...(nullable === true && claim.nullable === false ? [`claims that ${name} is never null, but it can be`] : []),
    ...(nullable === false && claim.nullable === true ? [`claims that ${name} can be null, but it never is`] : []),
  ];
}

/** Any structure may be claimed of JSON. */
const accepts = (claimed: string, kind: string): boolean =>
  claimed === kind || claimed === 'unknown' || (kind === 'object' && claimed.endsWith('[]'));

/** What a row type says of each column; undefined for `unknown`, of which nothing is read. */
function claimsOf(row: ts.Type, checker: ts.TypeChecker): Map<string, Claim> | undefined {
  if (row.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return undefined;
  const alternatives = row.isUnion() ? row.types : [row];
  const names = new Set(alternatives.flatMap((type) => checker.getPropertiesOfType(type).map(({ name }) => name)));
  return new Map([...names].map((name) => [name, claimOf(name, alternatives, checker)]));
}

function claimOf(name: string, alternatives: ts.Type[], checker: ts.TypeChecker): Claim {
  const properties = alternatives.map((type) => type.getProperty(name));
  const types = properties.flatMap((property) => (property ? partsOf(checker.getTypeOfSymbol(property)) : []));
  const isNullable = types.some(({ flags }) => flags & ts.TypeFlags.Null);
  const values = types.filter(({ flags }) => !(flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)));
  return {
    kinds: new Set(values.map((type) => kindOf(type, checker))),
    nullable: isNullable || (properties.includes(undefined) ? undefined : false),
  };
}

const partsOf = (type: ts.Type): ts.Type[] => (type.isUnion() ? type.types : [type]);

const KINDS: [ts.TypeFlags, string][] = [
  [ts.TypeFlags.NumberLike, 'number'],
  [ts.TypeFlags.StringLike, 'string'],
  [ts.TypeFlags.BooleanLike, 'boolean'],
  [ts.TypeFlags.Unknown | ts.TypeFlags.Any | ts.TypeFlags.TypeParameter, 'unknown'],
];

function kindOf(type: ts.Type, checker: ts.TypeChecker): string {
  const simple = KINDS.find(([flags]) => type.flags & flags);
  if (simple) return simple[1];
  if (checker.isArrayType(type))
    return `${kindOfAll(checker.getTypeArguments(type as ts.TypeReference)[0]!, checker)}[]`;
  return type.symbol?.name === 'Date' ? 'Date' : 'object';
}

/** The kind that all parts of a union have, such as the values of an enum. */
function kindOfAll(type: ts.Type, checker: ts.TypeChecker): string {
  const [kind, ...others] = new Set(partsOf(type).map((part) => kindOf(part, checker)));
  return kind && others.length === 0 ? kind : 'object';
}
