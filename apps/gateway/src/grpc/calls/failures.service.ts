import type { Metadata } from '@grpc/grpc-js';
import { Inject, Injectable } from '@nestjs/common';
import { toAppError } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { correlationIdOfCall } from './correlation-id.js';
import { type StatusMessage, statusOf } from './status.rules.js';

/** Makes a typed status of what a call failed with; what nobody foresaw is INTERNAL, logged, and says nothing. */
@Injectable()
export class FailuresService {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  statusOf(error: unknown, metadata: Metadata): StatusMessage {
    const failure = toAppError(error);
    const correlationId = correlationIdOfCall(metadata);
    if (failure.code === 'INTERNAL') this.log.error({ err: error, correlationId }, 'call failed');
    return statusOf(failure, correlationId);
  }
}
