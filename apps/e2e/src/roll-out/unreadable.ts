import { isDeepStrictEqual } from 'node:util';

/** The part of JSON Schema that events are made of, as their readers see them. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  default?: unknown;
  [other: string]: unknown;
}

/** What somebody may write by the one schema that a reader by the other refuses. */
export function unreadable(written: Schema, read: Schema, path = 'payload'): string[] {
  if (read.properties) return inObject(written, read, path);
  if (branchesOf(read).length > 1) return inBranches(branchesOf(written), branchesOf(read), path);
  if (read.items && written.items)
    return [...unreadable(written.items, read.items, `${path}[]`), ...unless(isSame(written, read, 'items'), path)];
  if (read.enum)
    return unless(
      (written.enum ?? [undefined]).every((value) => read.enum!.includes(value)),
      path,
    );
  return unless(isSame(written, read), path);
}

function inObject(written: Schema, read: Schema, path: string): string[] {
  if (!written.properties) return [path];
  const known = Object.entries(read.properties!);
  const unknown = Object.keys(written.properties).filter((name) => !(name in read.properties!));
  return [
    ...(read.additionalProperties === false ? unknown.map((name) => `${path}.${name}`) : []),
    ...known.flatMap(([name, schema]) => {
      const given = written.properties![name];
      // Whoever writes gives what a reader would have added.
      const isGiven = written.required?.includes(name) === true || given?.default !== undefined;
      const part = `${path}.${name}`;
      return [
        ...unless(isGiven || !read.required?.includes(name), part),
        ...(given ? unreadable(given, schema, part) : []),
      ];
    }),
  ];
}

/** What may be one thing or another says so in two ways. */
function branchesOf(schema: Schema): Schema[] {
  if (schema.anyOf) return schema.anyOf;
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

const inBranches = (written: Schema[], read: Schema[], path: string): string[] =>
  unless(
    written.every((branch) => read.some((other) => unreadable(branch, other).length === 0)),
    path,
  );

const unless = (holds: boolean, path: string): string[] => (holds ? [] : [path]);

/** What is said beside the values themselves does not count, nor that a reader has a value of its own where there is none. */
function isSame(written: Schema, read: Schema, ...without: string[]): boolean {
  const essence = (schema: Schema) =>
    Object.entries(schema)
      .filter(([key]) => !['$schema', 'description', 'default', ...without].includes(key))
      .sort(([a], [b]) => a.localeCompare(b));
  return isDeepStrictEqual(essence(written), essence(read));
}
