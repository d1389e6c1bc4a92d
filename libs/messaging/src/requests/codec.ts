import { AppError, errorCatalogue, type ErrorCode, type ErrorDetails } from '@fowergram/contracts-core';

const encoder = new TextEncoder();

export const encode = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

export const ERROR_HEADER = 'x-error';

/** Rebuilds on the caller's side the AppError that its owner has encoded; the cause and the stack never cross the wire. */
export function decodeError(body: unknown): AppError {
  const { code, message, details } = (body ?? {}) as { code?: string; message?: string; details?: ErrorDetails };
  const known = code !== undefined && code in errorCatalogue ? (code as ErrorCode) : 'INTERNAL';
  return new AppError(known, message ?? 'Something went wrong on our side.', details);
}
