import { Metadata, status } from '@grpc/grpc-js';
import type { AppError, ErrorCode } from '@fowergram/contracts-core';
import { CORRELATION_HEADER } from '../../http/correlation-id.js';

const STATUS: Record<ErrorCode, status> = {
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  NOT_FOUND: status.NOT_FOUND,
  BAD_USER_INPUT: status.INVALID_ARGUMENT,
  CONFLICT: status.ABORTED,
  GAP: status.OUT_OF_RANGE,
  PAYLOAD_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  RATE_LIMITED: status.RESOURCE_EXHAUSTED,
  INTERNAL: status.INTERNAL,
  UNAVAILABLE: status.UNAVAILABLE,
};

/** A failure as gRPC sends it. */
export interface StatusMessage {
  code: status;
  details: string;
  metadata: Metadata;
}

/** The status of an error; what a program decides by stands in the trailing metadata. */
export function statusOf({ code, message, details }: AppError, correlationId: string): StatusMessage {
  const metadata = new Metadata();
  metadata.set(CORRELATION_HEADER, correlationId);
  metadata.set('error-code', code);
  if (details.reason !== undefined) metadata.set('error-reason', details.reason);
  if (details.path !== undefined) metadata.set('error-path', details.path.join('.'));
  if (details.retryAfterSeconds !== undefined) metadata.set('retry-after', String(details.retryAfterSeconds));
  return { code: STATUS[code], details: message, metadata };
}
