import { AppError } from './app-error.js';

/** Soon, since what is refused at once costs little; clients add a random part, so that they do not all come back together. */
const RETRY_AFTER_SECONDS = 1;

/** Makes the error for work that is refused before it begins, because there is too much at the moment. */
export function overloaded(message = 'There is too much to do at the moment. Please try again soon.'): AppError {
  return new AppError('UNAVAILABLE', message, { reason: 'OVERLOADED', retryAfterSeconds: RETRY_AFTER_SECONDS });
}
