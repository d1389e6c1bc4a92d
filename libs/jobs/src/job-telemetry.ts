import {
  type Attributes,
  type Context,
  context as otelContext,
  createContextKey,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';
import { currentEnvelope, type Envelope, newCorrelationId, withEnvelope } from '@fowergram/service-kit';

type JobSpan = ReturnType<Telemetry<Context>['tracer']['startSpan']>;

const CORRELATION = 'x-correlation-id';
const ENVELOPE = createContextKey('envelope');
const tracer = trace.getTracer('jobs');

/** Carries the correlation id and the trace of the request that adds a job, beside its data, to where it is processed. */
export const jobTelemetry: Telemetry<Context> = {
  tracer: {
    // What a worker does for itself, such as looking for stalled jobs, belongs to no request.
    startSpan: (name, { kind } = { kind: SpanKind.INTERNAL }, context) =>
      (kind as number) === SpanKind.INTERNAL ? NO_SPAN : jobSpan(tracer.startSpan(name, { kind }, context)),
  },
  contextManager: {
    active: () => otelContext.active().setValue(ENVELOPE, currentEnvelope()),
    with: (context: Context, work) => {
      const envelope = envelopeOf(context);
      const traced = () => otelContext.with(context, work) as ReturnType<typeof work>;
      return envelope ? withEnvelope(envelope, traced) : traced();
    },
    getMetadata: (context: Context) => {
      const carrier = { [CORRELATION]: envelopeOf(context)?.correlationId ?? newCorrelationId() };
      propagation.inject(context, carrier);
      return JSON.stringify(carrier);
    },
    fromMetadata: (active: Context, metadata) => {
      const carrier = JSON.parse(metadata) as { [CORRELATION]: string };
      // Nobody waits for a job, so it has no deadline.
      const envelope: Envelope = { correlationId: carrier[CORRELATION], deadlineAt: Infinity };
      return propagation.extract(active, carrier).setValue(ENVELOPE, envelope);
    },
  },
};

const envelopeOf = (context: Context) => context.getValue(ENVELOPE) as Envelope | undefined;

const jobSpan = (span: Span): JobSpan => ({
  setSpanOnContext: (context: Context) => trace.setSpan(context, span),
  setAttribute: (key, value) => void span.setAttribute(key, value as string),
  setAttributes: (attributes) => void span.setAttributes(attributes as Attributes),
  addEvent: (name, attributes) => void span.addEvent(name, attributes as Attributes),
  recordException: (exception) => {
    span.recordException(exception as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  },
  end: () => span.end(),
});

const NO_SPAN: JobSpan = {
  setSpanOnContext: (context: Context) => context,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  addEvent: () => undefined,
  recordException: () => undefined,
  end: () => undefined,
};
