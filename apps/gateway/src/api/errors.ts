import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode, errorCatalogue, KEY_REUSED_STATUS } from '@fowergram/contracts-core';
import type { Logger } from '@fowergram/service-kit';
import { isBadToken } from '../auth/sessions/bad-tokens.rules.js';
import { isCoreAway, signInUnavailable } from '../auth/supertokens/core.js';
import { InvalidOperation } from './documents/documents.service.js';

export interface ErrorReport {
  correlationId: string;
  log: Logger;
}

export interface FormattedResult {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
}

/** What a client sends comes back in messages: neither their number nor their length is in its hands. */
const MAX_ANSWERED_ERRORS = 50;
const MAX_MESSAGE_LENGTH = 500;

const INTERNAL = new AppError(
  'INTERNAL',
  'Something went wrong on our side. Please quote the correlationId when you report it.',
);

/** The one place where failures become what clients read, over HTTP and over sockets alike. */
export function formatErrors(errors: readonly GraphQLError[], report: ErrorReport): GraphQLFormattedError[] {
  return errors.slice(0, MAX_ANSWERED_ERRORS).map((error) => formatError(error, report));
}

/** The body of an answer, with its errors as clients read them. */
export function formatResult({ data, errors }: ExecutionResult, report: ErrorReport) {
  return errors ? { data: data ?? null, errors: formatErrors(errors, report) } : { data };
}

/** How an operation ended. */
export type Outcome = 'OK' | ErrorCode;

/** The outcome of an operation with these errors: what is our fault counts before what is the client's. */
export function outcomeOf(errors: readonly GraphQLFormattedError[] | readonly GraphQLError[] | undefined): Outcome {
  const codes = errors?.map((error) => (error instanceof GraphQLError ? asAppError(error) : error.extensions!).code);
  return (OURS.find((code) => codes?.includes(code)) ?? codes?.[0] ?? 'OK') as Outcome;
}

/** The outcome of an operation that ended with what was thrown. */
export function outcomeOfThrown(error: unknown): Outcome {
  if (error instanceof AppError) return error.code;
  if (error instanceof InvalidOperation) return outcomeOf(error.errors);
  if (isBadToken(error)) return 'UNAUTHENTICATED';
  return asAppError(new GraphQLError('', { originalError: error as Error })).code;
}

const OURS: readonly ErrorCode[] = ['INTERNAL', 'UNAVAILABLE'];

/** Seconds after which a repeat makes sense where nobody knows better. */
export const RETRY_AFTER_SECONDS = 1;

/** The seconds for the header Retry-After when an operation has brought nothing, for UNAVAILABLE alone; undefined for any other. */
export function retryAfterOf({ data, errors }: FormattedResult): number | undefined {
  if (!errors?.length || !errors.every(({ extensions }) => extensions?.code === 'UNAVAILABLE')) return undefined;
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  const isEmpty = Object.entries(data ?? {}).every(([key, value]) => value === null && failed.has(key));
  if (!isEmpty) return undefined;
  return Math.max(RETRY_AFTER_SECONDS, ...errors.map(({ extensions }) => Number(extensions?.retryAfterSeconds ?? 0)));
}

/** The status of an operation that brought nothing for what its Idempotency-Key says; undefined for any other. */
export function keyStatusOf({ data, errors }: FormattedResult): number | undefined {
  const statuses = new Set(errors?.map(({ extensions }) => REASON_STATUS[String(extensions?.reason)]));
  const isEmpty = Object.values(data ?? {}).every((value) => value === null);
  return isEmpty && statuses.size === 1 ? [...statuses][0] : undefined;
}

const REASON_STATUS: Partial<Record<string, number>> = {
  IDEMPOTENCY_KEY_IN_FLIGHT: errorCatalogue.CONFLICT,
  IDEMPOTENCY_KEY_REUSED: KEY_REUSED_STATUS,
};

function formatError(error: GraphQLError, { correlationId, log }: ErrorReport): GraphQLFormattedError {
  const { code, message, details } = asAppError(error);
  if (code === 'INTERNAL') log.error({ err: rootOf(error), path: error.path, correlationId }, 'operation failed');
  else if (code === 'UNAVAILABLE') log.warn({ message, path: error.path, correlationId }, 'operation not possible now');
  return {
    message: message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH - 1)}…`,
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
    extensions: { code, ...placeOf(error), ...details, correlationId },
  };
}

const OF_VARIABLE = /^Variable "\$(\w+)" got invalid value .* at "\1((?:\.\w+|\[\d+\])*)"; /s;

/** Where in the variables of a request the value is that the engine does not take. */
function placeOf({ message }: GraphQLError): { path?: (string | number)[] } {
  const variable = /^Variable "\$(\w+)"/.exec(message)?.[1];
  if (variable === undefined) return {};
  const steps = (OF_VARIABLE.exec(message)?.[2] ?? '').match(/\w+/g) ?? [];
  return { path: [variable, ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))] };
}

/** What the engine itself refuses before anything ran is the client's; what it trips over later is ours. */
function asAppError(error: GraphQLError): AppError {
  const root = rootOf(error);
  if (root instanceof AppError) return root;
  if (isCoreAway(root)) return signInUnavailable(root);
  const isClients = root instanceof GraphQLError && (!error.path || error.message.startsWith('Argument "'));
  return isClients ? new AppError('BAD_USER_INPUT', error.message) : INTERNAL;
}

function rootOf(error: Error): Error {
  const original = (error as Partial<GraphQLError>).originalError;
  return original ? rootOf(original) : error;
}
