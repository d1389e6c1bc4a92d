import { AppError } from '@fowergram/contracts-core';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postRpc } from '@fowergram/contracts-post';
import type { VisibilityChanges } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';

/**
 * Lets the owners of content decide by these changes before the mutation is answered. Where one of them cannot be reached, a change
 * that hides something throws UNAVAILABLE, though it is stored: the event of it puts it into force, and so does trying again.
 */
export async function putIntoForce(
  changes: VisibilityChanges,
  context: RequestContext,
  { hides }: { hides: boolean },
): Promise<void> {
  const outcomes = await Promise.allSettled([
    context.ask(postRpc.applyVisibility, changes),
    context.ask(notificationRpc.applyVisibility, changes),
  ]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) return;
  if (hides) throw notInForceYet(failure.reason);
  const { correlationId } = context.headers;
  context.shared.log.warn(
    { err: failure.reason as unknown, correlationId },
    'what a user sees now is not in force yet',
  );
}

/** The same for a single change that hides something. */
export async function requireInForce(application: Promise<unknown>): Promise<void> {
  await application.catch((error: unknown) => {
    throw notInForceYet(error);
  });
}

const notInForceYet = (cause: unknown): AppError =>
  new AppError(
    'UNAVAILABLE',
    'This is stored, but not in force everywhere yet. Please try again.',
    { reason: 'NOT_IN_FORCE_YET', retryAfterSeconds: 1 },
    { cause },
  );
