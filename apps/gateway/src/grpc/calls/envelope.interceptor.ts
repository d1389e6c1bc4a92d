import type { Metadata } from '@grpc/grpc-js';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { withEnvelope } from '@fowergram/service-kit';
import { correlationIdOfCall } from './correlation-id.js';

interface Call {
  getDeadline(): Date | number;
}

/** Runs each call in an envelope: what it logs and asks carries its correlation id, and nobody is asked longer than the caller waits. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [, metadata, call] = context.getArgs<[unknown, Metadata, Call]>();
    const envelope = { correlationId: correlationIdOfCall(metadata), deadlineAt: Number(call.getDeadline()) };
    return withEnvelope(envelope, () => next.handle());
  }
}
