import { z } from 'zod';
import type { Rpc } from '@fowergram/contracts-core';
import type { JsonSchema } from './json-schema.js';

const OF_TYPE: Record<string, readonly string[]> = {
  string: ['minLength', 'maxLength', 'pattern'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems', 'uniqueItems'],
};

/** What a contract takes, as JSON Schema; nothing where there is none. */
export const takenBy = (contract: Rpc | undefined): JsonSchema =>
  contract ? (z.toJSONSchema(contract.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema) : {};

/** What is taken under a name, null aside. */
export function takenAs(taken: JsonSchema, name: string): JsonSchema {
  const found = (taken['properties'] as Record<string, JsonSchema> | undefined)?.[name] ?? {};
  const choices = found['anyOf'] as JsonSchema[] | undefined;
  return choices?.find(({ type }) => type !== 'null') ?? found;
}

/** A schema within the bounds of what is taken; those that it has itself and that are tighter stay. */
export function bounded(schema: JsonSchema, taken: JsonSchema): JsonSchema {
  const names = (OF_TYPE[String(schema['type'])] ?? []).filter((name) => taken[name] !== undefined);
  const bounds = names.map((name): [string, unknown] => [name, tighter(name, schema[name], taken[name])]);
  return { ...schema, ...Object.fromEntries(bounds) };
}

function tighter(name: string, own: unknown, taken: unknown): unknown {
  if (typeof own !== 'number' || typeof taken !== 'number') return taken;
  return name.startsWith('min') ? Math.max(own, taken) : Math.min(own, taken);
}
