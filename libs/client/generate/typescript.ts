import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type SelectionSetNode,
  type TypeNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

const SCALARS: Record<string, string> = {
  ID: 'string',
  String: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
};

/** The type of a named GraphQL type as TypeScript; scalars of the API's own, such as DateTime, are text. */
const nameOf = (type: GraphQLType) => {
  const named = getNamedType(type);
  return isEnumType(named) || isInputObjectType(named) ? named.name : (SCALARS[named.name] ?? 'string');
};

/** Wraps `inner` as lists and null do in GraphQL. */
function wrapped(type: GraphQLType, inner: string): string {
  if (isNonNullType(type)) return nonNull(type.ofType, inner);
  return `${nonNull(type, inner)} | null`;
}

const nonNull = (type: GraphQLType, inner: string): string =>
  isListType(type) ? `Array<${wrapped(type.ofType, inner)}>` : inner;

/** What a selection brings of an object. */
export function dataType(schema: GraphQLSchema, parent: GraphQLOutputType, { selections }: SelectionSetNode): string {
  const fields: string[] = [];
  const fragments: string[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') fields.push(fieldOf(schema, parent, selection));
    else if (selection.kind === 'FragmentSpread') fragments.push(selection.name.value);
    else throw new Error('A prepared operation has no inline fragments.');
  }
  return [...fragments, ...(fields.length > 0 ? [`{ ${fields.join('; ')} }`] : [])].join(' & ');
}

function fieldOf(schema: GraphQLSchema, parent: GraphQLOutputType, { name, alias, selectionSet }: FieldNode): string {
  const { type } = (parent as GraphQLObjectType).getFields()[name.value]!;
  const inner = selectionSet ? dataType(schema, getNamedType(type), selectionSet) : nameOf(type);
  return `${(alias ?? name).value}: ${wrapped(type, inner)}`;
}

/** What an operation is given; a variable that may be null may be left out. */
export function variablesType(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): string {
  if (definitions.length === 0) return 'Record<string, never>';
  const fields = definitions.map(({ variable, type }) => argument(variable.name.value, inputType(schema, type)));
  return `{ ${fields.join('; ')} }`;
}

// The typings have one overload for each kind of node.
const inputType = (schema: GraphQLSchema, node: TypeNode) =>
  typeFromAST(schema, node as never) as unknown as GraphQLType;

const argument = (name: string, type: GraphQLType) =>
  `${name}${isNonNullType(type) ? '' : '?'}: ${wrapped(type, nameOf(type))}`;

/** The enums and inputs of the schema. */
export function schemaTypes(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    if (isEnumType(type))
      return [
        `export type ${type.name} = ${type
          .getValues()
          .map(({ name }) => `'${name}'`)
          .join(' | ')};`,
      ];
    if (!isInputObjectType(type)) return [];
    const fields = Object.values(type.getFields()).map((field) => `  ${argument(field.name, field.type)};`);
    return [`export interface ${type.name} {\n${fields.join('\n')}\n}`];
  });
}
