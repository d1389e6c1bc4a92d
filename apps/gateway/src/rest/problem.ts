import { STATUS_CODES } from 'node:http';
import { PROBLEM_PAGES } from './problem-pages.js';
import { errorOfStatus, type RestError } from '../http/rest-errors.js';

/** What is wrong at one place of a request. */
export interface ProblemPart {
  detail: string;
  /** A JSON pointer into the body. */
  pointer?: string;
  parameter?: string;
  header?: string;
}

/** An error on its way to a client of REST; `parts` says where it is. */
export interface ProblemSource extends Partial<RestError> {
  parts?: ProblemPart[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** True for an address whose errors are problem details. */
export const isRestAddress = (url: string): boolean => /^\/api(?:[/?#]|$)/.test(url);

/** The problem details (RFC 9457) of an error; what it does not say of itself, its status does. */
export function problemOf(error: ProblemSource, status: number, correlationId: string): object {
  const fallback = errorOfStatus(status);
  const { code = fallback.code, message, reason, retryAfterSeconds, parts } = error;
  return {
    type: `${PROBLEM_PAGES}/${code}`,
    title: STATUS_CODES[status],
    status,
    // Other words than ours, such as those of a framework, may repeat what the client sent.
    detail: error.code === undefined ? fallback.message : message,
    code,
    reason,
    errors: parts,
    retryAfterSeconds,
    correlationId,
  };
}

/** A JSON pointer (RFC 6901), as a fragment. */
export const pointerTo = (path: readonly (string | number)[]): string =>
  `#${path.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
