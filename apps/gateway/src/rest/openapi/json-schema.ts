import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLNonNull,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
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
  DateTime: { type: 'string', format: 'date-time', maxLength: 40 },
};

/** The schema of a scalar or enum. */
export const scalar = (type: GraphQLNamedType): JsonSchema =>
  isEnumType(type) ? { type: 'string', enum: type.getValues().map(({ name }) => name) } : { ...SCALARS[type.name] };

/** A schema that takes null, too. */
export function nullable(schema: JsonSchema): JsonSchema {
  if ('$ref' in schema || !schema['type']) return { anyOf: [schema, { type: 'null' }] };
  const values = schema['enum'] as unknown[] | undefined;
  return { ...schema, type: [schema['type'], 'null'], ...(values && { enum: [...values, null] }) };
}

/** A schema with the words of the GraphQL schema. */
export const described = (schema: JsonSchema, description: string | null | undefined): JsonSchema =>
  description ? { ...schema, description } : schema;

/** Describes answers by what operations select: each fragment is a schema of its own, under its name. */
export class AnswerSchemas {
  readonly shapes: Record<string, JsonSchema> = {};
  /** What the ids in a shape begin with. */
  readonly kinds = new Map<string, string>();
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
      this.kinds.set(name, type.name.replace(/(?<=.)(?=[A-Z])/g, '-').toLowerCase());
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
