import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import { isRequired, type RestInput, type RestOperation } from '../rest-operation.js';
import { takenAs, takenBy } from './bounds.js';
import { idInPath } from './id-kinds.js';
import { inputSchema, objectOf } from './input-schema.js';
import type { JsonSchema } from './json-schema.js';

/** A name in the path or behind the question mark. */
export function parameterOf(operation: RestOperation, input: RestInput): JsonSchema {
  return {
    name: input.name,
    in: input.place,
    required: isRequired(input),
    ...(input.description && { description: input.description }),
    schema: parameterSchema(operation, input),
  };
}

/** A parameter that is left out is no null. */
function parameterSchema(operation: RestOperation, input: RestInput): JsonSchema {
  const { name, isOfPage } = input;
  if (name === 'limit' && isOfPage)
    return { type: 'integer', minimum: 0, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE };
  if (name === 'after') return { type: 'string', maxLength: 200 };
  const { route, rootField } = operation;
  if (name === 'id') return idInPath(route.path, input.argument, rootField.name === 'node');
  const schema = schemaOf(operation, input);
  const values = schema['enum'] as unknown[] | undefined;
  const [bare] = [schema['type']].flat();
  return { ...schema, type: bare, ...(values && { enum: values.filter((value) => value !== null) }) };
}

const schemaOf = ({ route }: RestOperation, { type, argument }: RestInput): JsonSchema =>
  inputSchema(type, { name: argument, taken: takenAs(takenBy(route.contract), argument) });

/** What a request has beside its body: the names in its path and behind the question mark. */
export const parametersSchema = (operation: RestOperation): JsonSchema =>
  objectOf(
    operation.inputs
      .filter(({ place }) => place !== 'body')
      .map((input) => ({
        name: input.name,
        isRequired: isRequired(input),
        schema: parameterSchema(operation, input),
      })),
  );

/** The body that a route takes; undefined for one that takes none. */
export function bodySchema(operation: RestOperation): JsonSchema | undefined {
  const { route, inputs } = operation;
  const inBody = inputs.filter(({ place }) => place === 'body');
  const whole = inBody.find(({ name }) => name === 'input');
  if (whole) {
    const input = { name: 'input', taken: takenBy(route.contract) };
    return inputSchema(whole.type, input, route.ifMatch ? ['expectedVersion'] : []);
  }
  if (inBody.length === 0) return undefined;
  return objectOf(
    inBody.map((input) => ({
      name: input.name,
      isRequired: isRequired(input),
      schema: { ...schemaOf(operation, input), ...(input.description && { description: input.description }) },
    })),
  );
}
