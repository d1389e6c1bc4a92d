import { context as otelContext, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { ExecutionArgs } from 'graphql';
import { withEnvelope } from '@fowergram/service-kit';
import type { RequestContext } from '../api/context/request-context.js';

const tracer = trace.getTracer('sockets');

/** Runs a step of a socket's operation in one span of the client's trace, or of a new one, and with its correlation id. */
export async function traceStep<T>(step: string, args: ExecutionArgs, work: () => T | Promise<T>): Promise<T> {
  const { correlationId, traceparent } = (args.contextValue as RequestContext).headers;
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
  const span = tracer.startSpan(
    `socket ${step}`,
    { kind: SpanKind.SERVER, attributes: { 'correlation.id': correlationId } },
    parent,
  );
  try {
    return await otelContext.with(trace.setSpan(parent, span), () =>
      withEnvelope({ correlationId, deadlineAt: Infinity }, work),
    );
  } finally {
    span.end();
  }
}
