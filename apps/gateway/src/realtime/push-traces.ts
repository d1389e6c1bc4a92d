import { type Context, context as otelContext, trace } from '@opentelemetry/api';

const traces = new WeakMap<object, Context>();

/** Notes with an item the trace in which it was pushed, for as long as the item is held. */
export function notePushTrace(item: object): void {
  const active = otelContext.active();
  if (trace.getSpanContext(active)) traces.set(item, active);
}

/** The trace in which an item was pushed; undefined for one that was read, and where none is recorded. */
export const pushTraceOf = (item: object): Context | undefined => traces.get(item);
