import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Json = unknown;
type Path = (string | number)[];
type Field = GraphQLField<unknown, unknown>;

export type ValueKind = 'text' | 'cursor' | 'page' | 'int' | 'float' | 'time' | 'id';

/** One value somewhere in the arguments of a field. */
export interface ArgumentPart {
  /** Such as Mutation.createPost(input.caption). */
  name: string;
  path: Path;
  kind: ValueKind;
  isMutation: boolean;
  /** The operation with this value there, and good values everywhere else that one is needed. */
  operation: (value: Json) => { query: string; variables: Record<string, Json> };
}

/** What good values are made of: by the names of the field and the argument or input field, by the latter alone, else by its type. */
export interface GoodValues {
  byField: Record<string, Record<string, Json>>;
  byName: Record<string, Json>;
  byType: Record<string, Json>;
  /** How the objects are asked for that have fields with arguments, a `*` in place of the field, such as `Post: 'post(id: "…") { * }'`. */
  owners: Record<string, string>;
}

/** Objects whose fields are not asked for here, and why. */
const LEFT_OUT: Record<string, string> = {
  Media: 'The width of a picture is bounded by the tests of pictures, which have some.',
};

/** Every text, number, time, id and cursor that a client can give to a field of the schema. */
export function argumentParts(schema: GraphQLSchema, good: GoodValues): ArgumentPart[] {
  const [query, mutation] = [schema.getQueryType()!, schema.getMutationType()!];
  const objects = Object.values(schema.getTypeMap()).filter(
    (type) =>
      isObjectType(type) &&
      !type.name.startsWith('__') &&
      type !== schema.getSubscriptionType() &&
      !(type.name in LEFT_OUT),
  );
  return objects.flatMap((type) =>
    !isObjectType(type)
      ? []
      : Object.values(type.getFields())
          .filter(({ args }) => args.length > 0)
          .flatMap((field) => {
            const owner = type === query || type === mutation ? undefined : ownerOf(type.name, good);
            return partsOf(type.name, field, owner, type === mutation, good);
          }),
  );
}

function ownerOf(type: string, { owners }: GoodValues): string {
  const owner = owners[type];
  if (owner === undefined) throw new Error(`${type} has fields with arguments: say how it is asked for.`);
  return owner;
}

function partsOf(
  type: string,
  field: Field,
  owner: string | undefined,
  isMutation: boolean,
  good: GoodValues,
): ArgumentPart[] {
  const own = { ...good, byName: { ...good.byName, ...good.byField[field.name] } };
  return field.args.flatMap((argument) =>
    leaves(argument.name, argument.type, [argument.name]).map(({ path, kind, steps }) => ({
      name: `${type}.${field.name}(${path.join('.')})`,
      path,
      kind,
      isMutation,
      operation: (value: Json) => {
        const given = field.args.filter(({ name, type: of }) => name === argument.name || isNonNullType(of));
        const variables = Object.fromEntries(
          given.map((one) => [
            one.name,
            one === argument ? putAt(steps, value, own) : goodValue(one.name, one.type, own),
          ]),
        );
        const definitions = given.map((one) => `$${one.name}: ${String(one.type)}`).join(', ');
        const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
        const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
        const asked = `${field.name}(${passed})${selection}`;
        const body = owner === undefined ? asked : owner.replace('*', asked);
        return { query: `${isMutation ? 'mutation' : 'query'} (${definitions}) { ${body} }`, variables };
      },
    })),
  );
}

/** One step from an argument down to a value of it. */
interface Step {
  name: string;
  type: GraphQLInputType;
}

function leaves(
  name: string,
  type: GraphQLInputType,
  path: Path,
  steps: Step[] = [],
): { path: Path; kind: ValueKind; steps: Step[] }[] {
  const own = [...steps, { name, type }];
  const bare = isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
  if (isListType(bare)) return leaves(name, bare.ofType as GraphQLInputType, [...path, 0], own);
  if (isInputObjectType(bare))
    return Object.values(bare.getFields()).flatMap((field) =>
      leaves(field.name, field.type, [...path, field.name], own),
    );
  const kind = isEnumType(bare) ? undefined : kindOf(name, bare.name);
  return kind === undefined ? [] : [{ path, kind, steps: own }];
}

function kindOf(name: string, type: string): ValueKind | undefined {
  if (name === 'after' || name === 'before') return 'cursor';
  if (name === 'first' || name === 'last') return 'page';
  const kinds: Record<string, ValueKind> = { String: 'text', ID: 'id', Int: 'int', Float: 'float', DateTime: 'time' };
  return kinds[type];
}

function putAt([step, ...rest]: Step[], value: Json, good: GoodValues): Json {
  if (rest.length === 0) return value;
  const bare = isNonNullType(step!.type) ? (step!.type.ofType as GraphQLInputType) : step!.type;
  if (isListType(bare)) return [putAt(rest, value, good)];
  return { ...(goodValue(step!.name, bare, good) as object), [rest[0]!.name]: putAt(rest, value, good) };
}

function goodValue(name: string, type: GraphQLInputType, good: GoodValues): Json {
  const bare = isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
  if (isListType(bare)) return [goodValue(name, bare.ofType as GraphQLInputType, good)];
  if (isInputObjectType(bare)) {
    const needed = Object.values(bare.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(needed.map((field) => [field.name, goodValue(field.name, field.type, good)]));
  }
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  return good.byName[name] ?? good.byType[bare.name];
}
