import { type ErrorObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyRequest } from 'fastify';
import { AppError, errorCatalogue } from '@fowergram/contracts-core';
import { isDateTime } from '../api/schema/date-time.scalar.js';
import { bodySchema, parametersSchema } from './openapi/requests.js';
import { type ProblemPart, pointerTo } from './problem.js';
import type { RestOperation } from './rest-operation.js';

type Variables = Record<string, unknown>;

/** A name of the client's comes back in the error, and not at any length. */
const MAX_NAME_LENGTH = 100;

/** So many places are named; who makes more mistakes mends these first. */
const MAX_PARTS = 20;

const options = { allErrors: true, strict: true, strictTypes: false, formats: { 'date-time': isDateTime } };
const ofBodies = new Ajv2020(options);
/** What stands in an address is text: `20` is a number where one is wanted. */
const ofParameters = new Ajv2020({ ...options, coerceTypes: true, useDefaults: false });

/** Input that the OpenAPI document does not allow. */
export class InvalidInput extends AppError {
  constructor(
    readonly parts: ProblemPart[],
    readonly status: number = errorCatalogue.BAD_USER_INPUT,
  ) {
    super('BAD_USER_INPUT', parts[0]!.detail);
  }
}

/** Checks requests against the OpenAPI document, and makes variables of them. */
export class RestInputReader {
  private readonly parameters: ValidateFunction<Variables>;
  private readonly body: ValidateFunction<Variables> | undefined;

  constructor(private readonly operation: RestOperation) {
    const schema = bodySchema(operation);
    this.parameters = ofParameters.compile<Variables>(parametersSchema(operation));
    this.body = schema && ofBodies.compile<Variables>(schema);
  }

  /** The variables of a request; throws InvalidInput with every place that is wrong. */
  read({ params, query, body }: FastifyRequest): Variables {
    const parameters = { ...(query as Variables), ...(params as Variables) };
    const given = body === undefined ? {} : body;
    const wrong = [
      ...(this.parameters(parameters) ? [] : this.parameters.errors!.map(invalidParameter)),
      ...this.wrongInBody(given),
    ];
    if (wrong.length > 0) throw new InvalidInput(onePerPlace(wrong));
    return { ...parameters, ...(this.isWhole ? { input: given } : (given as Variables)) };
  }

  private wrongInBody(given: unknown): ProblemPart[] {
    if (this.body) return this.body(given) ? [] : this.body.errors!.map(invalidBody);
    return isEmptyObject(given) ? [] : [{ detail: 'This takes no body.', pointer: '#' }];
  }

  /** The body is one argument, and not an argument per member. */
  private get isWhole(): boolean {
    return this.operation.inputs.some(({ name, place }) => place === 'body' && name === 'input');
  }
}

function onePerPlace(parts: readonly ProblemPart[]): ProblemPart[] {
  const places = new Map<string, ProblemPart>();
  for (const part of parts) {
    const place = part.pointer ?? `?${part.parameter}`;
    if (!places.has(place) && places.size < MAX_PARTS) places.set(place, part);
  }
  return [...places.values()];
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const namedBy = ({ params }: ErrorObject): string | undefined => {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  return (missingProperty ?? additionalProperty)?.slice(0, MAX_NAME_LENGTH);
};

function detailOf({ keyword, message, params }: ErrorObject): string {
  const { limit } = params as { limit?: number };
  if (keyword === 'required') return 'This is missing.';
  if (keyword === 'pattern') return 'This has not the form that is asked for here.';
  if (keyword === 'maxLength') return `This has at most ${limit} characters.`;
  if (keyword === 'minItems') return `There are at least ${limit} of these.`;
  if (keyword === 'maxItems') return `There are at most ${limit} of these.`;
  if (keyword === 'uniqueItems') return 'Something stands here twice.';
  if (keyword === 'additionalProperties') return 'This is not known here.';
  if (keyword === 'enum')
    return `This must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}.`;
  return `This ${message}.`;
}

const pathOf = (error: ErrorObject): string[] => {
  const names = error.instancePath
    .split('/')
    .slice(1)
    .map((name) => name.slice(0, MAX_NAME_LENGTH));
  const name = namedBy(error);
  return name === undefined ? names : [...names, name];
};

const invalidParameter = (error: ErrorObject): ProblemPart => ({
  detail: detailOf(error),
  parameter: pathOf(error)[0]!,
});

const invalidBody = (error: ErrorObject): ProblemPart => {
  const names = error.instancePath
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = namedBy(error);
  return { detail: detailOf(error), pointer: pointerTo(name === undefined ? names : [...names, name]) };
};
