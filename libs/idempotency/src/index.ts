export {
  beforeFirst,
  findStoredResponse,
  keyInFlight,
  keyReused,
  withIdempotency,
  withIdempotencyWhileSeen,
} from './idempotency.js';
