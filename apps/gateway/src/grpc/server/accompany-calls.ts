import { type Metadata, type ServerInterceptor, ServerInterceptingCall, status } from '@grpc/grpc-js';
import type { Registry } from 'prom-client';
import { type Envelope, histogram, withEnvelope } from '@fowergram/service-kit';
import { correlationIdOfCall } from '../calls/correlation-id.js';

/**
 * Measures every call of a method that there is, also one that is refused before anything of ours has seen it, and runs it in an
 * envelope: what it logs and asks carries its correlation id. An interceptor of Nest would cost more than the rest of a call.
 */
export function accompanyCalls(metrics: Registry): ServerInterceptor {
  const duration = histogram(metrics, 'grpc_request_duration_seconds', 'Calls by gRPC, by method and status.', [
    'method',
    'code',
  ]);
  return ({ path }, call) => {
    const end = duration.startTimer({ method: path.slice(1) });
    let envelope: Envelope;
    let isOver = false;
    const note = (code: string) => {
      if (!isOver) end({ code });
      isOver = true;
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, deliver) => {
            envelope = new CallEnvelope(metadata, Number(call.getDeadline()));
            deliver(metadata);
          },
          // Our methods are called when a request is whole.
          onReceiveHalfClose: (deliver) => withEnvelope(envelope, deliver),
          // Also after a status, and when the caller has gone or has waited long enough.
          onCancel: () => note('CANCELLED'),
        }),
      sendStatus: (sent, next) => {
        note(status[sent.code]!);
        next(sent);
      },
    });
  };
}

/** What travels with what a call asks: a call that asks and logs nothing has no id made for it. */
class CallEnvelope implements Envelope {
  constructor(
    private readonly metadata: Metadata,
    readonly deadlineAt: number,
  ) {}

  get correlationId(): string {
    return correlationIdOfCall(this.metadata);
  }
}
