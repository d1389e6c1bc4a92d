import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { eventRow, type OutboxRow } from '@fowergram/outbox';
import type { EdgeChange } from './follows.repository.js';

/** A change of an edge as events tell it. */
export const eventOf = ({ followerId, followeeId, version, at }: EdgeChange): Payload<typeof userEvent.followed> => ({
  followerId,
  followeeId,
  version,
  at: at.toISOString(),
});

/** The events of follows that are over. */
export const unfollowed = (edges: EdgeChange[]): OutboxRow[] =>
  edges.map((edge) => eventRow(userEvent.unfollowed, eventOf(edge)));

/** The events of requests that are over and were not accepted. */
export const requestsEnded = (requests: EdgeChange[]): OutboxRow[] =>
  requests.map((request) => eventRow(userEvent.followRequestEnded, { ...eventOf(request), accepted: false }));
