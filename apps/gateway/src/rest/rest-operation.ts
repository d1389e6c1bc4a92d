import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  typeFromAST,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { RestRoute } from './rest-route.types.js';
import { withShapes } from './shapes.js';

export type Place = 'path' | 'query' | 'body';

/** A variable of the operation of a route, and where a request has it. */
export interface RestInput {
  name: string;
  place: Place;
  type: GraphQLInputType;
  description: string | undefined;
  /** The argument or field that takes it. */
  argument: string;
  /** True for those of a page. */
  isOfPage: boolean;
}

/** What an answer shows: one thing, or the items of a list. */
export type AnswerKind = 'one' | 'page' | 'list' | 'value';

/** What a route answers: the fields that lead there, and what is selected. */
export interface RestTarget {
  fields: string[];
  kind: AnswerKind;
  type: GraphQLOutputType;
  /** Of one thing, or of each item. */
  selection: SelectionSetNode | undefined;
}

/** A route with what the schema says of its operation. */
export interface RestOperation {
  route: RestRoute;
  text: string;
  document: DocumentNode;
  rootField: GraphQLField<unknown, unknown>;
  inputs: RestInput[];
  /** Which variable an argument takes, by its name or that of a field in it, such as postId or input.text. */
  sources: Map<string, string>;
  target: RestTarget;
}

/** Reads what a route says against the schema; throws for a route that does not fit it. */
export function restOperation(route: RestRoute, schema: GraphQLSchema): RestOperation {
  const text = withShapes(route.document);
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const root = schema.getRootType(operation.operation)!;
  const [first] = operation.selectionSet.selections as FieldNode[];
  const rootField = root.getFields()[first!.name.value];
  if (!rootField) throw new Error(`${route.method} ${route.path}: there is no ${first!.name.value}.`);
  const descriptions = describedVariables(document, schema);
  const sources = sourcesIn(document);
  const inputs = (operation.variableDefinitions ?? []).map((definition) =>
    inputOf(route, definition, schema, { descriptions, sources }),
  );
  const target = targetOf(operation.selectionSet, root, schema);
  return { route, text, document, rootField, inputs, sources, target };
}

function sourcesIn(document: DocumentNode): Map<string, string> {
  const sources = new Map<string, string>();
  const note = (name: string, value: ValueNode): void => {
    if (value.kind === Kind.VARIABLE) sources.set(name, value.name.value);
    if (value.kind === Kind.OBJECT) for (const field of value.fields) note(`${name}.${field.name.value}`, field.value);
  };
  visit(document, { Argument: ({ name, value }) => note(name.value, value) });
  return sources;
}

function inputOf(
  { method, path, document }: RestRoute,
  { variable, type }: VariableDefinitionNode,
  schema: GraphQLSchema,
  { descriptions, sources }: { descriptions: Map<string, string>; sources: Map<string, string> },
): RestInput {
  const name = variable.name.value;
  const place = path.includes(`{${name}}`) ? 'path' : method === 'GET' || method === 'DELETE' ? 'query' : 'body';
  return {
    name,
    place,
    type: typeFromAST(schema, type as never) as GraphQLInputType,
    description: descriptions.get(name),
    argument: argumentOf(name, sources),
    isOfPage: document.includes('pageInfo'),
  };
}

function argumentOf(variable: string, sources: Map<string, string>): string {
  const [source = variable] = [...sources].find(([, name]) => name === variable) ?? [];
  return source.split('.').at(-1)!;
}

/** What the schema says of the arguments and fields that take the variables. */
function describedVariables(document: DocumentNode, schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const info = new TypeInfo(schema);
  const note = (value: ValueNode, description: string | null | undefined): void => {
    if (value.kind === Kind.VARIABLE && description) found.set(value.name.value, description);
  };
  const visitor = visitWithTypeInfo(info, {
    Argument: ({ value }) => note(value, info.getArgument()?.description),
    ObjectField: ({ name, value }) => {
      const parent = getNamedType(info.getParentInputType());
      if (parent && 'getFields' in parent) note(value, parent.getFields()[name.value]?.description);
    },
  });
  visit(document, visitor);
  return found;
}

/** Follows the fields of a document that lead to what is shown: up to one whose selection is more than a single further field. */
function targetOf(selection: SelectionSetNode, parent: GraphQLNamedType, schema: GraphQLSchema): RestTarget {
  const [node] = selection.selections;
  if (node?.kind === Kind.INLINE_FRAGMENT)
    return targetOf(node.selectionSet, schema.getType(node.typeCondition!.name.value)!, schema);
  if (node?.kind !== Kind.FIELD || !(isObjectType(parent) || isInterfaceType(parent)))
    throw new Error('A document of a route leads to one field.');
  const { type } = parent.getFields()[node.name.value]!;
  const named = getNamedType(type);
  const fields = [node.name.value];
  if (!node.selectionSet) return { fields, kind: 'value', type, selection: undefined };
  if (isListType(getNullableType(type))) return { fields, kind: 'list', type, selection: node.selectionSet };
  if (isObjectType(named) && 'pageInfo' in named.getFields())
    return { fields, kind: 'page', type: named, selection: nodesOf(node.selectionSet) };
  const isWay = leadsOn(node.selectionSet);
  if (!isWay) return { fields, kind: 'one', type, selection: shownIn(node.selectionSet) };
  const target = targetOf(node.selectionSet, named, schema);
  return { ...target, fields: [...fields, ...target.fields] };
}

/** True for a selection of a single field that has a selection itself, below a type condition or not. */
function leadsOn({ selections }: SelectionSetNode): boolean {
  const [only] = selections;
  if (selections.length !== 1 || !only) return false;
  if (only.kind === Kind.INLINE_FRAGMENT) return leadsOn(only.selectionSet);
  return only.kind === Kind.FIELD && only.selectionSet !== undefined;
}

/** What is shown of one thing, without the condition of its type. */
function shownIn(selection: SelectionSetNode): SelectionSetNode {
  const [only] = selection.selections;
  return only?.kind === Kind.INLINE_FRAGMENT ? only.selectionSet : selection;
}

function nodesOf(connection: SelectionSetNode): SelectionSetNode {
  const fieldOf = ({ selections }: SelectionSetNode, name: string) =>
    (selections as FieldNode[]).find((field) => field.name.value === name)!.selectionSet!;
  return fieldOf(fieldOf(connection, 'edges'), 'node');
}

/** True when a request has to have this input. */
export const isRequired = ({ type }: RestInput): boolean => isNonNullType(type);
