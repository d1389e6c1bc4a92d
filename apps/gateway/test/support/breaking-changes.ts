/** What these checks read of a JSON Schema. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  pattern?: string;
  [bound: string]: unknown;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

export interface Operation {
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

export interface OpenapiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema>; parameters?: Record<string, Parameter> };
}

/** Everything that a client of the one document could stumble over in the other: what is gone, asked for anew, or narrower. */
export function breakingChanges(before: OpenapiDocument, after: OpenapiDocument): string[] {
  return Object.entries(before.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const found = after.paths[path]?.[method];
      const changes = found ? new Comparison(before, after).operation(operation, found) : ['it is gone'];
      return changes.map((change) => `${method.toUpperCase()} ${path}: ${change}`);
    }),
  );
}

const UPPER_BOUNDS = ['maxLength', 'maxItems', 'maximum'];
const LOWER_BOUNDS = ['minLength', 'minItems', 'minimum'];

class Comparison {
  private readonly seen = new Set<string>();

  constructor(
    private readonly before: OpenapiDocument,
    private readonly after: OpenapiDocument,
  ) {}

  operation(before: Operation, after: Operation): string[] {
    const isOpen = ({ security = [] }: Operation) => security.some((each) => Object.keys(each).length === 0);
    return [
      ...(isOpen(before) && !isOpen(after) ? ['it wants a sign-in'] : []),
      ...this.parameters(before, after),
      ...this.bodies(before, after),
      ...this.answers(before, after),
    ];
  }

  private parameters(before: Operation, after: Operation): string[] {
    const [old, now] = [parametersOf(before, this.before), parametersOf(after, this.after)];
    const gone = [...old.keys()].filter((name) => !now.has(name)).map((name) => `the parameter ${name} is gone`);
    const changed = [...now].flatMap(([name, { required = false, schema }]) => {
      const was = old.get(name);
      if (required && !was?.required) return [`the parameter ${name} is asked for`];
      return was ? this.taken(was.schema, schema, name) : [];
    });
    return [...gone, ...changed];
  }

  private bodies(before: Operation, after: Operation): string[] {
    const [old, now] = [before, after].map(({ requestBody }) => requestBody?.content['application/json']?.schema);
    if (!old) return after.requestBody?.required ? ['a body is asked for'] : [];
    return now ? this.taken(old, now, 'the body') : ['the body is gone'];
  }

  private answers(before: Operation, after: Operation): string[] {
    return Object.entries(before.responses)
      .filter(([status]) => status.startsWith('2'))
      .flatMap(([status, { content = {} }]) => {
        const now = after.responses[status];
        if (!now) return [`the answer ${status} is gone`];
        return Object.entries(content).flatMap(([type, { schema }]) => {
          const found = now.content?.[type]?.schema;
          return found ? this.shown(schema, found, 'the answer') : [`the answer is no ${type}`];
        });
      });
  }

  /** What a client sends has to be taken as before. */
  private taken(given: Schema, found: Schema, place: string): string[] {
    const [old, now] = [resolved(given, this.before), resolved(found, this.after)];
    const lost = lacking(typesOf(old), typesOf(now)).map((type) => `${place} takes no ${type}`);
    const values = old.enum && now.enum ? lacking(old.enum, now.enum) : [];
    const properties = Object.entries(old.properties ?? {}).flatMap(([name, each]) => {
      const next = now.properties?.[name];
      return next ? this.taken(each, next, `${place}.${name}`) : [`${place}.${name} is gone`];
    });
    return [
      ...lost,
      ...values.map((value) => `${place} takes no ${String(value)}`),
      ...(now.enum && !old.enum ? [`${place} takes single values only`] : []),
      ...narrowed(old, now, place),
      ...lacking(now.required ?? [], old.required ?? []).map((name) => `${place}.${name} is asked for`),
      ...properties,
      ...(old.items && now.items ? this.taken(old.items, now.items, `${place}[]`) : []),
    ];
  }

  /** What a client reads has to be there as before. */
  private shown(given: Schema, found: Schema, place: string): string[] {
    if (given.$ref && found.$ref) {
      const pair = `${given.$ref} ${found.$ref}`;
      if (this.seen.has(pair)) return [];
      this.seen.add(pair);
    }
    const [old, now] = [resolved(given, this.before), resolved(found, this.after)];
    const properties = Object.entries(old.properties ?? {}).flatMap(([name, each]) => {
      const next = now.properties?.[name];
      return next ? this.shown(each, next, `${place}.${name}`) : [`${place}.${name} is gone`];
    });
    const unsure = (old.required ?? []).filter((name) => now.properties?.[name] && !now.required?.includes(name));
    return [
      ...lacking(typesOf(now), typesOf(old)).map((type) => `${place} may be ${type}`),
      ...unsure.map((name) => `${place}.${name} may be missing`),
      ...properties,
      ...(old.items && now.items ? this.shown(old.items, now.items, `${place}[]`) : []),
    ];
  }
}

const lacking = <T>(wanted: readonly T[], given: readonly T[]): T[] => wanted.filter((each) => !given.includes(each));

function parametersOf({ parameters = [] }: Operation, { components }: OpenapiDocument): Map<string, Parameter> {
  const found = parameters.map((each) => (each.$ref ? components!.parameters![each.$ref.split('/').at(-1)!]! : each));
  return new Map(found.map((each) => [each.name, each]));
}

/** A schema without its reference, and with the types of its choices. */
function resolved(schema: Schema, document: OpenapiDocument): Schema {
  if (schema.$ref) return resolved(document.components!.schemas![schema.$ref.split('/').at(-1)!]!, document);
  if (!schema.anyOf) return schema;
  const choices = schema.anyOf.map((each) => resolved(each, document));
  const type = choices.flatMap(typesOf);
  return { ...choices.find((each) => !typesOf(each).includes('null')), type };
}

const typesOf = ({ type }: Schema): string[] => [type ?? []].flat();

function narrowed(old: Schema, now: Schema, place: string): string[] {
  const isTighter = (name: string, sign: number): boolean =>
    now[name] !== undefined && (old[name] === undefined || sign * (Number(now[name]) - Number(old[name])) < 0);
  const bounds = [
    ...UPPER_BOUNDS.filter((name) => isTighter(name, 1)),
    ...LOWER_BOUNDS.filter((name) => isTighter(name, -1)),
    ...(now.pattern !== undefined && now.pattern !== old.pattern ? ['pattern'] : []),
  ];
  return bounds.map((name) => `${place} has a tighter ${name}`);
}
