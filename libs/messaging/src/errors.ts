import { HttpException } from '@nestjs/common';
import { FORBIDDEN_MESSAGE } from '@nestjs/core/internal';
import { RpcException } from '@nestjs/microservices';
import { AppError, errorCatalogue, type ErrorCode, type ErrorDetails } from '@fowergram/contracts-core';

const TIMEOUTS = new Set([408, 502, 504]);

/** The typed error for whatever a handler, or Nest around it, has thrown; what nobody foresaw is INTERNAL and keeps its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HttpException) return ofHttp(error);
  if (error instanceof RpcException) return ofRpc(error);
  return internal(error);
}

function ofHttp(error: HttpException): AppError {
  const code = codeOf(error.getStatus());
  return code === 'INTERNAL' ? internal(error) : new AppError(code, messageOf(error), {}, { cause: error });
}

function codeOf(status: number): ErrorCode {
  const exact = (Object.keys(errorCatalogue) as ErrorCode[]).find((code) => errorCatalogue[code] === status);
  if (exact) return exact;
  if (TIMEOUTS.has(status)) return 'UNAVAILABLE';
  return status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL';
}

/** A pipe of Nest lists what is wrong in the response; the first of them is the one to show. */
function messageOf(error: HttpException): string {
  const response = error.getResponse();
  const message = typeof response === 'object' && 'message' in response ? response.message : response;
  return String(Array.isArray(message) ? message[0] : message);
}

/** Nest throws this where a guard says no; code that throws it itself may name one of our codes. */
function ofRpc(exception: RpcException): AppError {
  const given = exception.getError();
  if (given === FORBIDDEN_MESSAGE) return new AppError('FORBIDDEN', 'You may not do this.', {}, { cause: exception });
  const { code, message, details } = given as { code?: ErrorCode; message?: string; details?: ErrorDetails };
  if (!code || !(code in errorCatalogue)) return internal(exception);
  return new AppError(code, message ?? 'The request failed.', details, { cause: exception });
}

function internal(cause: unknown): AppError {
  return new AppError('INTERNAL', 'Something went wrong on our side.', {}, { cause });
}
