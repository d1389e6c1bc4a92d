/** One error of an answer, as the server writes it. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions?: {
    code?: string;
    reason?: string;
    path?: (string | number)[];
    retryAfterSeconds?: number;
    correlationId?: string;
  };
}

/** What is known of a failure. */
export interface ErrorDetails {
  /** One of docs/errors.md, or of this client: NETWORK, BAD_ANSWER, ABORTED, WRONG_CREDENTIALS, STORAGE_FULL, STORAGE_UNREADABLE, QUEUE_FULL, OUTCOME_UNKNOWN, NO_WEBSOCKET. */
  code: string;
  reason?: string | undefined;
  /** The argument that is wrong, or the field that failed. */
  path?: (string | number)[] | undefined;
  /** The HTTP status, where there was an answer. */
  status?: number | undefined;
  retryAfterSeconds?: number | undefined;
  correlationId?: string | undefined;
  /** Of a mutation: sending it again under this key cannot have a second effect. */
  idempotencyKey?: string | undefined;
  /** What is wrong with each field of a form, such as `username`. */
  fields?: Record<string, string> | undefined;
  /** All errors of the answer. */
  errors?: AnswerError[] | undefined;
  /** What came in spite of the error. */
  data?: unknown;
}

const RETRYABLE = new Set(['NETWORK', 'BAD_ANSWER', 'UNAVAILABLE', 'RATE_LIMITED']);
/** Statuses that say the same of a code which this version does not know. */
const RETRYABLE_STATUSES = new Set([429, 502, 503, 504]);

/** Whatever fails in this client is one of these. */
export class FowergramError extends Error {
  override readonly name = 'FowergramError';
  readonly code: string;
  readonly reason: string | undefined;
  readonly path: (string | number)[] | undefined;

  constructor(
    message: string,
    readonly details: ErrorDetails,
    options?: { cause: unknown },
  ) {
    super(message, options);
    this.code = details.code;
    this.reason = details.reason;
    this.path = details.path;
  }

  /** Says whether the same may succeed later. */
  get retryable(): boolean {
    if (RETRYABLE.has(this.code) || this.reason === 'IDEMPOTENCY_KEY_IN_FLIGHT') return true;
    return RETRYABLE_STATUSES.has(this.details.status ?? 0);
  }

  get retryAfterSeconds(): number | undefined {
    return this.details.retryAfterSeconds;
  }
}

/** The error that stands for those of an answer: its first, whatever a server of another version writes into it. */
export function errorOf(errors: AnswerError[], more: Partial<ErrorDetails> = {}): FowergramError {
  const { message = 'The answer has an error without a message.', path, extensions } = (errors[0] ?? {}) as AnswerError;
  const { code = 'BAD_ANSWER', reason, retryAfterSeconds, correlationId, path: argument } = extensions ?? {};
  const details = { code, reason, path: argument ?? path, retryAfterSeconds, correlationId, errors };
  return new FowergramError(message, { ...details, ...defined(more) });
}

const defined = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** Whatever was thrown as an error of this client; what it cannot explain is a lost connection. */
export function asError(thrown: unknown): FowergramError {
  if (thrown instanceof FowergramError) return thrown;
  return new FowergramError('The server cannot be reached.', { code: 'NETWORK' }, { cause: thrown });
}

/** A value as it is sent and stored; throws where JSON has no such thing, as for a BigInt or a circle. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new FowergramError(
      'These variables cannot be sent.',
      { code: 'BAD_USER_INPUT', path: ['variables'] },
      { cause },
    );
  }
}

/** Throws when whoever asked does not want the answer any more. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FowergramError('Aborted.', { code: 'ABORTED' }, { cause: signal.reason });
}
