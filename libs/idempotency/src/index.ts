export { answerOf, once } from './idempotency.js';
