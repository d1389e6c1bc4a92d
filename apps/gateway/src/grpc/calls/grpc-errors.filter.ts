import type { Metadata } from '@grpc/grpc-js';
import { type ArgumentsHost, Catch, Inject, Injectable, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { toAppError } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { correlationIdOfCall } from './correlation-id.js';
import { statusOf } from './status.rules.js';

/** Ends a failed call with a typed status; what nobody foresaw is INTERNAL, logged, and says nothing. */
@Injectable()
@Catch()
export class GrpcErrorsFilter implements RpcExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    const failure = toAppError(error);
    const correlationId = correlationIdOfCall(host.switchToRpc().getContext<Metadata>());
    if (failure.code === 'INTERNAL') this.log.error({ err: error, correlationId }, 'call failed');
    return throwError(() => statusOf(failure, correlationId));
  }
}
