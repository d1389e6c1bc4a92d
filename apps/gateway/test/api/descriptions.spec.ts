import {
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  buildSchema,
  isSpecifiedScalarType,
} from 'graphql';
import { schemaText } from '../../src/print-schema.js';

interface Described {
  name: string;
  description?: string | null | undefined;
}

/** What says nothing that the name does not say. */
const FILLING = new Set('a an the of this that is are its it in to for and or one what which by with'.split(' '));

const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '' && !FILLING.has(word))
    .map((word) => word.replace(/s$/, ''));

/** Everything that a client can name, by its path in the schema. */
function* named(schema: GraphQLSchema): Generator<[string, Described]> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    yield [type.name, type];
    if (type instanceof GraphQLEnumType)
      for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value];
    if (type instanceof GraphQLInputObjectType)
      for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field];
    if (!(type instanceof GraphQLObjectType) && !(type instanceof GraphQLInterfaceType)) continue;
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field];
      for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument];
    }
  }
  for (const directive of schema.getDirectives()) {
    yield [`@${directive.name}`, directive];
    for (const argument of directive.args) yield [`@${directive.name}(${argument.name})`, argument];
  }
}

/** A description that is missing, no sentence, or no more than the name in other letters; undefined for a good one. */
function fault({ name, description }: Described): string | undefined {
  if (!description) return 'has none';
  if (!/^[A-Z]/.test(description)) return `does not begin with a capital: ${description}`;
  if (!/\.$/.test(description)) return `does not end with a full stop: ${description}`;
  const known = new Set(wordsOf(name));
  if (wordsOf(description).filter((word) => !known.has(word)).length < 2)
    return `only repeats the name: ${description}`;
  return undefined;
}

describe('The schema that clients are served', () => {
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = buildSchema(await schemaText());
  });

  it('describes each type, field, argument, input, enum value and directive in a sentence', () => {
    const faults = [...named(schema)].flatMap(([path, item]) => {
      const found = fault(item);
      return found ? [`${path} ${found}`] : [];
    });
    expect(faults).toEqual([]);
  });

  it('says of itself what it is', () => {
    expect(fault({ name: 'schema', description: schema.description })).toBeUndefined();
  });

  it('has enum values in upper case', () => {
    const values = Object.values(schema.getTypeMap())
      .filter((type) => type instanceof GraphQLEnumType && !type.name.startsWith('__'))
      .flatMap((type) => (type as GraphQLEnumType).getValues().map(({ name }) => name));
    expect(values.length).toBeGreaterThan(30);
    expect(values.filter((name) => !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('names the specification of each scalar of its own', () => {
    const own = Object.values(schema.getTypeMap()).filter(
      (type) => type instanceof GraphQLScalarType && !isSpecifiedScalarType(type),
    ) as GraphQLScalarType[];
    expect(own.map(({ name }) => name)).toEqual(['DateTime']);
    for (const { specifiedByURL } of own) expect(specifiedByURL).toMatch(/^https:\/\/[\w./-]+$/);
  });
});
