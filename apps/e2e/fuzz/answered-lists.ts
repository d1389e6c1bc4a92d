import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A list that an answer shows, with the cursors of its items in their order. */
export interface AnsweredList {
  node: FieldNode;
  /** Such as Query.homeFeed. */
  name: string;
  /** Where the answer has it. */
  path: (string | number)[];
  cursors: string[];
  isTwoWay: boolean;
}

interface Place {
  type: GraphQLObjectType;
  value: object;
  path: AnsweredList['path'];
}

/** All lists with cursors in an answer, wherever they stand. What is behind a fragment is found by its __typename. */
export function answeredLists(
  schema: GraphQLSchema,
  { operation, selectionSet }: OperationDefinitionNode,
  data: unknown,
): AnsweredList[] {
  const within = (type: unknown, selections: SelectionSetNode, value: unknown, path: Place['path']): AnsweredList[] => {
    if (Array.isArray(value)) return value.flatMap((item, index) => within(type, selections, item, [...path, index]));
    if (typeof value !== 'object' || value === null) return [];
    const actual = isObjectType(type) ? type : schema.getType(String((value as { __typename?: string }).__typename));
    if (!isObjectType(actual)) return [];
    return selections.selections.flatMap((selection) => ofSelection(selection, { type: actual, value, path }));
  };
  const ofSelection = (selection: SelectionNode, place: Place): AnsweredList[] => {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return selection.typeCondition?.name.value === place.type.name
        ? within(place.type, selection.selectionSet, place.value, place.path)
        : [];
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) return [];
    const field = place.type.getFields()[selection.name.value];
    const key = (selection.alias ?? selection.name).value;
    const value = (place.value as Record<string, unknown>)[key];
    const path = [...place.path, key];
    if (!field) return [];
    const list = listOf(place.type, field, selection, value, path);
    return [...list, ...within(getNamedType(field.type), selection.selectionSet, value, path)];
  };
  return within(schema.getRootType(operation), selectionSet, data, []);
}

function listOf(
  type: GraphQLObjectType,
  { name, args }: GraphQLField<unknown, unknown>,
  node: FieldNode,
  value: unknown,
  path: AnsweredList['path'],
): AnsweredList[] {
  const cursors = cursorsIn(value);
  const isTwoWay = args.some((argument) => argument.name === 'before');
  return cursors.length > 0 ? [{ node, name: `${type.name}.${name}`, path, cursors, isTwoWay }] : [];
}

/** The cursors of a connection, or none where it does not show those of all its items. */
export function cursorsIn(value: unknown): string[] {
  const edges = (value as { edges?: ({ cursor?: unknown } | null)[] } | null | undefined)?.edges;
  if (!Array.isArray(edges)) return [];
  const cursors = edges.flatMap((edge) => (typeof edge?.cursor === 'string' ? [edge.cursor] : []));
  return cursors.length === edges.length ? cursors : [];
}

/** What an answer has at a path, if it comes to it. */
export const valueAt = (data: unknown, path: AnsweredList['path']): unknown =>
  path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], data);
