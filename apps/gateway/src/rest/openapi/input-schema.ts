import {
  getNullableType,
  type GraphQLInputType,
  type GraphQLNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { bounded, takenAs } from './bounds.js';
import { idSchema } from './id-kinds.js';
import { described, type JsonSchema, nullable, scalar } from './json-schema.js';

/** An input by its name, with what the contract behind it takes. */
export interface NamedInput {
  name: string;
  taken: JsonSchema;
}

/** What a client may send for an input of this type; `without` names fields that come from elsewhere. */
export function inputSchema(type: GraphQLInputType, input: NamedInput, without: readonly string[] = []): JsonSchema {
  if (!isNonNullType(type)) return nullable(valueSchema(type, input, without));
  return valueSchema(type.ofType, input, without);
}

function valueSchema(type: GraphQLInputType, input: NamedInput, without: readonly string[]): JsonSchema {
  const { name, taken } = input;
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const item = { name, taken: (taken['items'] as JsonSchema | undefined) ?? {} };
    return bounded({ type: 'array', items: inputSchema(bare.ofType as GraphQLInputType, item) }, taken);
  }
  if (!isInputObjectType(bare)) return leaf(bare as GraphQLNamedType, input);
  const fields = Object.values(bare.getFields()).filter((field) => !without.includes(field.name));
  return objectOf(
    fields.map((field) => ({
      name: field.name,
      isRequired: isNonNullType(field.type) && field.defaultValue === undefined,
      schema: described(
        inputSchema(field.type, { name: field.name, taken: takenAs(taken, field.name) }),
        field.description,
      ),
    })),
  );
}

/** Ids and instants have a form of their own here; the contracts have that of the database. */
function leaf(type: GraphQLNamedType, { name, taken }: NamedInput): JsonSchema {
  if (type.name === 'ID') return idSchema(name);
  return type.name === 'DateTime' ? scalar(type) : bounded(scalar(type), taken);
}

/** An object of the client's, in which nothing else is taken. */
export const objectOf = (fields: { name: string; isRequired: boolean; schema: JsonSchema }[]): JsonSchema => {
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
};
