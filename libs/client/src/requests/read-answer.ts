import { type AnswerError, type ErrorDetails, errorOf, FowergramError } from '../errors.js';
import type { Answer } from './transport.js';

/** What an operation brought: its data, and the errors of its parts. */
export interface OperationAnswer<Data> {
  data: Data | null;
  errors: AnswerError[];
}

interface Body {
  data?: unknown;
  errors?: AnswerError[];
  claimValidationErrors?: { id: string; reason?: unknown }[];
}

const CLAIMS: Record<string, string> = { '2fa': 'SECOND_FACTOR', 'st-ev': 'EMAIL_NOT_VERIFIED' };

/** The body of an answer; whatever is no JSON comes from something between the server and this client. */
export function bodyOf<T extends object>({ status, text, headers }: Answer): T {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body as T;
  } catch {
    // The error below says it.
  }
  const code = status === 429 ? 'RATE_LIMITED' : [408, 502, 503, 504].includes(status) ? 'UNAVAILABLE' : 'BAD_ANSWER';
  throw new FowergramError(`The answer (${status}) is none of the API.`, { code, status, ...retryAfter(headers) });
}

/** Reads the answer to an operation; throws what was refused as a whole. */
export function readOperation<Data>(answer: Answer): OperationAnswer<Data> {
  const body = bodyOf<Body>(answer);
  throwRefused(answer, body);
  const errors = Array.isArray(body.errors) ? body.errors : [];
  if (errors.length === 0 && (typeof body.data !== 'object' || body.data === null))
    throw new FowergramError('The answer has neither data nor errors.', { code: 'BAD_ANSWER', status: answer.status });
  const data = (body.data ?? null) as Data | null;
  // What could not be had at all is worth another try; of what came in part, nothing is thrown away.
  if (errors.length > 0 && isEmpty(data)) {
    const error = errorOf(errors, { status: answer.status });
    if (error.retryable) throw error;
  }
  return { data, errors };
}

const isEmpty = (data: unknown) => data === null || Object.values(data as object).every((value) => value === null);

/** Throws for every status that is no success. */
export function throwRefused(answer: Answer, refused: object): void {
  const { status, headers } = answer;
  const body: Body = refused;
  if (status < 400) return;
  const details: Partial<ErrorDetails> = { status, ...retryAfter(headers) };
  const claim = body.claimValidationErrors?.[0];
  if (claim)
    throw new FowergramError(`One more step is needed: ${claim.id}.`, {
      ...details,
      code: 'FORBIDDEN',
      reason: CLAIMS[claim.id] ?? claim.id,
    });
  if (Array.isArray(body.errors) && body.errors.length > 0) throw errorOf(body.errors, details);
  const code = status === 401 ? 'UNAUTHENTICATED' : status >= 500 ? 'UNAVAILABLE' : 'BAD_ANSWER';
  throw new FowergramError(`The server answered ${status}.`, { ...details, code });
}

/** `Retry-After` in seconds; as a date it would depend on two clocks, and is not used. */
function retryAfter(headers: Headers): { retryAfterSeconds?: number } {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterSeconds: seconds } : {};
}
