export { findStoredResponse, withIdempotency, withIdempotencyWhileSeen } from './idempotency.js';
