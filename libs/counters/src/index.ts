export { type Counter, type Counted, counter, counterInRow, keysOf, nameOf, NIL_ID } from './counter.js';
export { CounterAggregator, type CounterAggregatorOptions } from './counter-aggregator.js';
export { auditCounters, auditNext, type AuditOptions, type AuditProgress, type AuditResult } from './counter-audit.js';
export { CounterDrift } from './counter-drift.js';
