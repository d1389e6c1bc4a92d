import { type ArgumentsHost, Catch, Injectable } from '@nestjs/common';
import { ApplicationConfig, BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { ExternalExceptionFilter } from '@nestjs/core/exceptions/external-exception-filter.js';
import { type Observable, throwError } from 'rxjs';
import { toAppError } from './errors.js';

/** The exception filter of requests and events: whatever was thrown leaves as a typed error. */
@Injectable()
@Catch()
export class AppErrorFilter extends BaseExceptionFilter {
  private readonly elsewhere = new ExternalExceptionFilter();

  /** Filters are asked in reverse order, and no APP_FILTER is registered yet: this one is the last that is asked. */
  constructor(config: ApplicationConfig, { httpAdapter }: HttpAdapterHost) {
    super(httpAdapter);
    config.addGlobalFilter(this);
  }

  /** HTTP and GraphQL keep the behaviour that they have without any filter. */
  override catch(exception: unknown, host: ArgumentsHost): Observable<never> | void {
    if (host.getType() === 'rpc') return throwError(() => toAppError(exception));
    if (host.getType() === 'http') return super.catch(exception, host);
    this.elsewhere.catch(exception as Error, host);
  }
}
