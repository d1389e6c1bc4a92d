export { findStoredResponse, withIdempotency } from './idempotency.js';
