export {
  findStoredResponse,
  keyInFlight,
  keyReused,
  withIdempotency,
  withIdempotencyWhileSeen,
} from './idempotency.js';
