import {
  type Context,
  context as otelContext,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { ExecutionArgs } from 'graphql';
import { withEnvelope } from '@fowergram/service-kit';
import type { RequestContext } from '../api/context/request-context.js';

const tracer = trace.getTracer('sockets');

/**
 * Runs a step of a socket's operation in one span of the client's trace, or of a new one, and with its correlation id. What was pushed
 * belongs to the trace of its cause, and is linked to that of the client.
 */
export async function traceStep<T>(
  step: string,
  args: ExecutionArgs,
  work: () => T | Promise<T>,
  cause?: Context,
): Promise<T> {
  const { correlationId, traceparent } = (args.contextValue as RequestContext).headers;
  const ofClient = propagation.extract(ROOT_CONTEXT, { traceparent });
  const clientSpan = trace.getSpanContext(ofClient);
  const parent = cause ?? ofClient;
  const span = tracer.startSpan(
    `socket ${step}`,
    {
      kind: SpanKind.SERVER,
      attributes: { 'correlation.id': correlationId },
      links: cause && clientSpan ? [{ context: clientSpan }] : [],
    },
    parent,
  );
  try {
    return await otelContext.with(trace.setSpan(parent, span), () =>
      withEnvelope({ correlationId, deadlineAt: Infinity }, work),
    );
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
