import { context as otelContext, propagation, type Context } from '@opentelemetry/api';
import { headers as natsHeaders, type MsgHdrs } from '@nats-io/nats-core';
import { type Envelope, newCorrelationId } from '@fowergram/service-kit';

const CORRELATION = 'x-correlation-id';
const BUDGET = 'x-budget-ms';
const IDEMPOTENCY = 'idempotency-key';

/** Writes an envelope and the current trace as headers; the deadline travels as a remaining budget, so clocks may differ. */
export function toHeaders(envelope: Envelope): MsgHdrs {
  const headers = natsHeaders();
  headers.set(CORRELATION, envelope.correlationId);
  headers.set(BUDGET, String(Math.max(0, Math.round(envelope.deadlineAt - Date.now()))));
  if (envelope.idempotencyKey) headers.set(IDEMPOTENCY, envelope.idempotencyKey);
  propagation.inject(otelContext.active(), headers, { set: (carrier, key, value) => carrier.set(key, value) });
  return headers;
}

/** Writes what an event carries: nobody waits for it, so it has no deadline. */
export function toEventHeaders(correlationId: string): MsgHdrs {
  const headers = natsHeaders();
  headers.set(CORRELATION, correlationId);
  propagation.inject(otelContext.active(), headers, { set: (carrier, key, value) => carrier.set(key, value) });
  return headers;
}

/** Writes the headers of a message that was stored with its trace. */
export function storedHeaders(correlationId: string | null, trace: Record<string, string> | null): MsgHdrs {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(trace ?? {})) headers.set(name, value);
  if (correlationId) headers.set(CORRELATION, correlationId);
  return headers;
}

/** Reads what toHeaders wrote; a message without a budget gets `defaultBudgetMs`. */
export function fromHeaders(headers: MsgHdrs | undefined, defaultBudgetMs: number): Envelope {
  const budget = Number(headers?.get(BUDGET) || defaultBudgetMs);
  const idempotencyKey = headers?.get(IDEMPOTENCY);
  return {
    correlationId: headers?.get(CORRELATION) || newCorrelationId(),
    deadlineAt: Date.now() + budget,
    ...(idempotencyKey ? { idempotencyKey } : {}),
  };
}

/** The current trace as headers to store beside a message that is published later; nothing where no trace is recorded. */
export function traceHeaders(): Record<string, string> | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(otelContext.active(), carrier);
  return Object.keys(carrier).length > 0 ? carrier : undefined;
}

/** The trace that the headers continue. */
export function traceOf(headers: MsgHdrs | undefined): Context {
  if (!headers) return otelContext.active();
  return propagation.extract(otelContext.active(), headers, {
    get: (carrier, key) => carrier.get(key) || undefined,
    keys: (carrier) => carrier.keys(),
  });
}
