import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { RequestContext } from '../context/request-context.js';
import type { ConnectionOf } from './connection.types.js';

type Edge = ConnectionOf<unknown>['edges'][number];
type Node = Readonly<Record<string, unknown>>;

/** A field that the engine reads from an item as it is, and what it takes there. */
interface PlainField {
  name: string;
  takes: (value: unknown) => boolean;
}

/**
 * Leaves the items out of a page that the schema cannot show, such as one of a kind that only a newer service knows: where one of their
 * fields may not be null, the engine would answer null for the whole page. Where nothing else is left, it is no broken item, and the
 * engine says what is wrong.
 */
export class WholeItems {
  private readonly plainFields: PlainField[];

  constructor(connection: GraphQLNamedType) {
    const edge = typeOf(connection, 'edges');
    const node = edge && typeOf(edge, 'node');
    this.plainFields = isObjectType(node) ? Object.values(node.getFields()).flatMap(plainField) : [];
  }

  of(edges: Edge[], selected: Set<string>, { shared, headers }: RequestContext): Edge[] {
    const shown = this.plainFields.filter(({ name }) => selected.has(name));
    const brokenIn = ({ node }: Edge) => shown.find(({ name, takes }) => !takes((node as Node)[name]))?.name;
    if (!edges.some(brokenIn)) return edges;
    const whole = edges.filter((edge) => brokenIn(edge) === undefined);
    if (whole.length === 0) return edges;
    for (const edge of edges) {
      const field = brokenIn(edge);
      if (field === undefined) continue;
      const { id } = edge.node as Node;
      shared.log.warn({ id, field, correlationId: headers.correlationId }, 'an item that cannot be shown was left out');
    }
    return whole;
  }
}

function plainField({ name, type, resolve }: GraphQLField<unknown, unknown>): PlainField[] {
  if (resolve || !isNonNullType(type)) return [];
  const named = getNamedType(type);
  if (!isEnumType(named)) return [{ name, takes: (value) => value != null }];
  const known = new Set<unknown>(named.getValues().map(({ value }) => value as unknown));
  return [
    { name, takes: (value) => (Array.isArray(value) ? value.every((each) => known.has(each)) : known.has(value)) },
  ];
}

const typeOf = (type: GraphQLNamedType, field: string): GraphQLNamedType | undefined => {
  const found = isObjectType(type) ? type.getFields()[field] : undefined;
  return found && getNamedType(found.type);
};
