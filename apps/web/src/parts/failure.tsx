import { FowergramError } from '@fowergram/client';

const sentences: Record<string, string> = {
  NETWORK: 'The server cannot be reached. Are you online?',
  RATE_LIMITED: 'That was too much at once. Please try again in a while.',
  WRONG_CREDENTIALS: 'E-mail and password do not belong together.',
  STORAGE_FULL: 'This browser has no space left, so nothing can be kept for later.',
};

/** What went wrong, as a sentence for users. */
export const sentenceOfFailure = (error: unknown): string =>
  error instanceof FowergramError ? (sentences[error.code] ?? error.message) : 'Something went wrong.';

/** Says what went wrong, and offers to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (!error) return null;
  return (
    <div className="failure" role="alert">
      <p>{sentenceOfFailure(error)}</p>
      {onRetry && (
        <button type="button" className="quiet" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
