import type { Metadata } from '@grpc/grpc-js';
import { type ArgumentsHost, Catch, Injectable, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { FailuresService } from './failures.service.js';

/** Ends a failed call with a typed status. */
@Injectable()
@Catch()
export class GrpcErrorsFilter implements RpcExceptionFilter {
  constructor(private readonly failures: FailuresService) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    return throwError(() => this.failures.statusOf(error, host.switchToRpc().getContext<Metadata>()));
  }
}
