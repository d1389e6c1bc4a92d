import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  validate,
  visit,
} from 'graphql';
import { dataType, schemaTypes, variablesType } from './typescript.js';

const HEADER = '// Generated from libs/client/operations and apps/gateway/schema.graphql by `npm run generate`.\n\n';
const lowerFirst = (name: string) => name[0]!.toLowerCase() + name.slice(1);
const upperFirst = (name: string) => name[0]!.toUpperCase() + name.slice(1);
const textOf = (node: OperationDefinitionNode | FragmentDefinitionNode) => stripIgnoredCharacters(print(node));

/** The text of the generated file: types of the schema, and each prepared operation with its types. */
export function operationsText(schema: GraphQLSchema, source: string): string {
  const document = parse(source, { noLocation: true });
  const failures = validate(schema, document);
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const parts = [
    `import type { Document } from '../document.js';`,
    ...schemaTypes(schema),
    ...fragments.map((fragment) => fragmentText(schema, fragment)),
    ...operations.map((operation) => operationText(schema, operation, fragments)),
  ];
  return `${HEADER}${parts.join('\n')}\n`;
}

function fragmentText(schema: GraphQLSchema, fragment: FragmentDefinitionNode): string {
  const { name, typeCondition, selectionSet } = fragment;
  const type = dataType(schema, schema.getType(typeCondition.name.value) as never, selectionSet);
  return `export type ${name.value} = ${type};\nconst ${name.value}Text = ${JSON.stringify(textOf(fragment))};`;
}

function operationText(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: FragmentDefinitionNode[],
): string {
  const name = operation.name!.value;
  const root = schema.getRootType(operation.operation)!;
  const texts = [JSON.stringify(textOf(operation)), ...fragmentsOf(operation, fragments).map((used) => `${used}Text`)];
  return [
    `export type ${name}Data = ${dataType(schema, root, operation.selectionSet)};`,
    `export type ${name}Variables = ${variablesType(schema, operation.variableDefinitions ?? [])};`,
    `export const ${lowerFirst(name)} = (${texts.join(' + ')}) as Document<${upperFirst(name)}Data, ${upperFirst(name)}Variables>;`,
  ].join('\n');
}

/** The names of all fragments that an operation needs, also by way of another, in the order of the file. */
function fragmentsOf(operation: OperationDefinitionNode, fragments: FragmentDefinitionNode[]): string[] {
  const used = new Set<string>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (used.has(value)) return;
        used.add(value);
        follow(fragments.find(({ name }) => name.value === value)!);
      },
    });
  follow(operation);
  return fragments.map(({ name }) => name.value).filter((name) => used.has(name));
}
