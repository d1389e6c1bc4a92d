/** Every code that a client can see, with the HTTP status that REST and the logs use for it. */
export const errorCatalogue = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  GAP: 410,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

/** The status of BAD_USER_INPUT for an Idempotency-Key that was used for another request: the request is as it should be but for its key. */
export const KEY_REUSED_STATUS = 422;

export type ErrorCode = keyof typeof errorCatalogue;

export interface ErrorDetails {
  /** The input field that breaks the rule, outermost name first. */
  path?: (string | number)[];
  /** A finer, machine-readable cause, such as USERNAME_TAKEN. */
  reason?: string;
  retryAfterSeconds?: number;
}

/** A failure that the client may read; anything else is shown as INTERNAL and only logged. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AppError';
  }

  toJSON(): { code: ErrorCode; message: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, details: this.details };
  }
}

/** Makes the error for input at `path` that breaks a rule. */
export function badInput(path: (string | number)[], message: string, reason?: string): AppError {
  return new AppError('BAD_USER_INPUT', message, reason ? { path, reason } : { path });
}

/** Makes the error for a thing that does not exist or that the viewer may not see. */
export function notFound(thing: string, path?: (string | number)[]): AppError {
  return new AppError('NOT_FOUND', `There is no such ${thing}.`, path ? { path } : {});
}
