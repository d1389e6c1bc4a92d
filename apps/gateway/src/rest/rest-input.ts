import { type ErrorObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyRequest } from 'fastify';
import { AppError } from '@fowergram/contracts-core';
import { isDateTime } from '../api/schema/date-time.scalar.js';
import { bodySchema, parametersSchema } from './openapi/requests.js';
import { type ProblemPart, pointerTo } from './problem.js';
import type { RestOperation } from './rest-operation.js';

type Variables = Record<string, unknown>;

/** A name of the client's comes back in the error, and not at any length. */
const MAX_NAME_LENGTH = 100;

const options = { strict: true, strictTypes: false, formats: { 'date-time': isDateTime } };
const ofBodies = new Ajv2020(options);
/** What stands in an address is text: `20` is a number where one is wanted. */
const ofParameters = new Ajv2020({ ...options, coerceTypes: true, useDefaults: false });

/** Input that the OpenAPI document does not allow. */
export class InvalidInput extends AppError {
  constructor(readonly part: ProblemPart) {
    super('BAD_USER_INPUT', part.detail);
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

  /** The variables of a request; throws InvalidInput at the first place that is wrong. */
  read({ params, query, body }: FastifyRequest): Variables {
    const parameters = { ...(query as Variables), ...(params as Variables) };
    if (!this.parameters(parameters)) throw invalidParameter(this.parameters.errors![0]!);
    return { ...parameters, ...this.readBody(body) };
  }

  private readBody(body: unknown): Variables {
    if (!this.body) {
      if (body === undefined || isEmptyObject(body)) return {};
      throw new InvalidInput({ detail: 'This takes no body.', pointer: '#' });
    }
    const given = body ?? (body === null ? null : {});
    if (!this.body(given)) throw invalidBody(this.body.errors![0]!);
    return this.operation.inputs.some(({ name, place }) => place === 'body' && name === 'input')
      ? { input: given }
      : given;
  }
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
  if (keyword === 'maxItems') return `There are at most ${limit} of these.`;
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

const invalidParameter = (error: ErrorObject): InvalidInput =>
  new InvalidInput({ detail: detailOf(error), parameter: pathOf(error)[0]! });

const invalidBody = (error: ErrorObject): InvalidInput => {
  const names = error.instancePath
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = namedBy(error);
  return new InvalidInput({
    detail: detailOf(error),
    pointer: pointerTo(name === undefined ? names : [...names, name]),
  });
};
