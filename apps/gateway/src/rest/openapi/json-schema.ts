import {
  type FragmentDefinitionNode,
  getNullableType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

type GraphQLNullableOutput = Exclude<GraphQLOutputType, GraphQLNonNull<never>>;

/** A schema of JSON Schema 2020-12, which is that of OpenAPI 3.1. */
export type JsonSchema = Record<string, unknown>;

const SCALARS: Record<string, JsonSchema> = {
  ID: { type: 'string', minLength: 1, maxLength: 200 },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Float: { type: 'number' },
  Int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  DateTime: { type: 'string', format: 'date-time' },
};

const scalar = (type: GraphQLNamedType): JsonSchema =>
  isEnumType(type) ? { type: 'string', enum: type.getValues().map(({ name }) => name) } : { ...SCALARS[type.name] };

/** A schema that takes null, too. */
export function nullable(schema: JsonSchema): JsonSchema {
  if ('$ref' in schema || !schema['type']) return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'] as unknown[] | undefined;
  return { ...schema, type: [schema['type'], 'null'], ...(values && { enum: [...values, null] }) };
}

const described = (schema: JsonSchema, description: string | null | undefined): JsonSchema =>
  description ? { ...schema, description } : schema;

/** What a client may send for an input of this type; `without` names fields that come from elsewhere. */
export function inputSchema(type: GraphQLInputType, without: readonly string[] = []): JsonSchema {
  if (!isNonNullType(type)) return nullable(valueSchema(type, without));
  return valueSchema(type.ofType, without);
}

function valueSchema(type: GraphQLInputType, without: readonly string[]): JsonSchema {
  const bare = getNullableType(type);
  if (isListType(bare)) return { type: 'array', items: inputSchema(bare.ofType as GraphQLInputType) };
  if (!isInputObjectType(bare)) return scalar(bare as GraphQLNamedType);
  const fields = Object.values(bare.getFields()).filter(({ name }) => !without.includes(name));
  return objectOf(
    fields.map((field) => ({
      name: field.name,
      isRequired: isNonNullType(field.type) && field.defaultValue === undefined,
      schema: described(inputSchema(field.type), field.description),
    })),
  );
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

/** Describes answers by what operations select: each fragment is a schema of its own, under its name. */
export class AnswerSchemas {
  readonly shapes: Record<string, JsonSchema> = {};
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Learns the fragments of a document. */
  learn(fragments: FragmentDefinitionNode[]): void {
    for (const fragment of fragments) this.fragments.set(fragment.name.value, fragment);
  }

  /** What is selected of an object of this type; one fragment alone is named, and not repeated. */
  of(selection: SelectionSetNode, type: GraphQLNamedType): JsonSchema {
    const [only] = selection.selections;
    if (selection.selections.length === 1 && only?.kind === Kind.FRAGMENT_SPREAD) return this.shape(only.name.value);
    return this.objectOf(selection, type);
  }

  private shape(name: string): JsonSchema {
    if (!this.shapes[name]) {
      const { selectionSet, typeCondition } = this.fragments.get(name)!;
      const type = this.schema.getType(typeCondition.name.value)!;
      this.shapes[name] = {};
      this.shapes[name] = described(this.objectOf(selectionSet, type), type.description);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private objectOf(selection: SelectionSetNode, type: GraphQLNamedType): JsonSchema {
    const properties = this.properties(selection, type);
    return { type: 'object', properties, required: Object.keys(properties) };
  }

  private properties(selection: SelectionSetNode, type: GraphQLNamedType): Record<string, JsonSchema> {
    if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${type.name} has no fields.`);
    const found: Record<string, JsonSchema> = {};
    for (const node of selection.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD)
        Object.assign(found, this.properties(this.fragments.get(node.name.value)!.selectionSet, type));
      else if (node.kind === Kind.FIELD) {
        const field = type.getFields()[node.name.value]!;
        found[node.name.value] = described(this.typed(field.type, node.selectionSet), field.description);
      }
    }
    return found;
  }

  /** The schema of a field's value; beside `$ref` a description is allowed since 3.1. */
  typed(type: GraphQLOutputType, selection: SelectionSetNode | undefined): JsonSchema {
    return isNonNullType(type) ? this.value(type.ofType, selection) : nullable(this.value(type, selection));
  }

  private value(type: GraphQLNullableOutput, selection: SelectionSetNode | undefined): JsonSchema {
    if (isListType(type)) return { type: 'array', items: this.typed(type.ofType, selection) };
    return selection ? this.of(selection, type) : scalar(type);
  }
}
