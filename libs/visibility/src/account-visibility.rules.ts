import type { Payload } from '@fowergram/contracts-core';
import type { AccountVisibility, userEvent } from '@fowergram/contracts-user';

/** What an event of an account says of its visibility: only an ACTIVE one is seen by others. */
export function accountVisibilityOf(event: Payload<typeof userEvent.accountChanged>): AccountVisibility {
  const { userId, version, status, isPrivate } = event;
  return { userId, version, hidden: status !== 'ACTIVE', isPrivate };
}
