import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '@fowergram/contracts-core';
import { AppErrorFilter } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { AllowedMethodsService } from './allowed-methods.service.js';
import { errorOfStatus, refuseMethod, sendError } from './rest-errors.js';

/** What fails outside of /auth and /graphql, an address that leads nowhere above all, is answered like everything else. */
@Injectable()
@Catch()
export class HttpErrorsFilter implements ExceptionFilter {
  constructor(
    private readonly elsewhere: AppErrorFilter,
    private readonly methods: AllowedMethodsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType() === 'http') return this.answer(error, host.switchToHttp().getResponse());
    // The engine formats typed failures itself; Nest would log each as a defect.
    if (host.getType() !== 'rpc' && error instanceof AppError) throw error;
    return this.elsewhere.catch(error, host);
  }

  private answer(error: unknown, reply: FastifyReply): FastifyReply {
    if (error instanceof AppError) return sendError(reply, error);
    const status = statusOf(error);
    const allow = status === 404 ? this.methods.of(reply.request.url) : '';
    if (allow !== '' && !allow.split(', ').includes(reply.request.method)) return refuseMethod(reply, allow);
    if (status >= 500) this.log.error({ err: error }, 'request failed');
    return sendError(reply, errorOfStatus(status, error), status);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { statusCode?: number } | null)?.statusCode ?? 500;
}
