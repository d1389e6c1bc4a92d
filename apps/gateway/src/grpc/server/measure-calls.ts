import { type ServerInterceptor, ServerInterceptingCall, status } from '@grpc/grpc-js';
import type { Registry } from 'prom-client';
import { histogram } from '@fowergram/service-kit';

/** Measures every call of a method that there is, also one that was refused before anything of ours has seen it. */
export function measureCalls(metrics: Registry): ServerInterceptor {
  const duration = histogram(metrics, 'grpc_request_duration_seconds', 'Calls by gRPC, by method and status.', [
    'method',
    'code',
  ]);
  return ({ path }, call) => {
    const end = duration.startTimer({ method: path.slice(1) });
    let isOver = false;
    const note = (code: string) => {
      if (!isOver) end({ code });
      isOver = true;
    };
    return new ServerInterceptingCall(call, {
      // Also after a status, and when the caller has gone or has waited long enough.
      start: (next) => next({ onCancel: () => note('CANCELLED') }),
      sendStatus: (sent, next) => {
        note(status[sent.code]!);
        next(sent);
      },
    });
  };
}
