import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from 'graphql';

/** What cannot be written as it is: the engine says what is wrong with it. */
export class NotWritable extends Error {}

/** What writes the values of a type without fields. */
export function leafText(type: GraphQLLeafType): (value: unknown) => string {
  if (type === GraphQLString || type === GraphQLID) return (value) => JSON.stringify(of('string', value));
  if (type === GraphQLBoolean) return (value) => String(of('boolean', value));
  if (type === GraphQLInt || type === GraphQLFloat) return (value) => String(type.serialize(of('number', value)));
  if (isEnumType(type)) return namesOf(type.getValues());
  return (value) => JSON.stringify(type.serialize(value));
}

/** The engine would make something of a value of another type; nothing of ours has one. */
function of(type: 'string', value: unknown): string;
function of(type: 'boolean' | 'number', value: unknown): boolean | number;
function of(type: string, value: unknown): unknown {
  if (typeof value !== type) throw new NotWritable();
  return value;
}

function namesOf(values: readonly { name: string; value: unknown }[]): (value: unknown) => string {
  const texts = new Map(values.map(({ name, value }) => [value, JSON.stringify(name)]));
  return (value) => {
    const text = texts.get(value);
    if (text === undefined) throw new NotWritable();
    return text;
  };
}
