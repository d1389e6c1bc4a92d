import { Injectable } from '@nestjs/common';
import { userEvent } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { eventRow, type OutboxRow } from '@fowergram/outbox';
import { CountersService } from '../counters/counters.service.js';
import { eventOf } from './follow-events.rules.js';
import { FollowRequestsRepository } from './follow-requests.repository.js';

/** Makes follows of requests, for one who accepts and for an account that goes public. */
@Injectable()
export class RequestAcceptanceService {
  constructor(
    private readonly requests: FollowRequestsRepository,
    private readonly counters: CountersService,
  ) {}

  /** The pairs are locked. Answers the events; of requests that are gone there are none. */
  async accept(tx: Tx, followeeId: string, followerIds: string[]): Promise<OutboxRow[]> {
    const accepted = await this.requests.accept(tx, followeeId, followerIds);
    await this.counters.record(
      tx,
      accepted.filter(({ isNew }) => isNew),
      1,
    );
    return accepted.flatMap(({ isNew, ...edge }) => {
      const event = eventOf(edge);
      return [
        eventRow(userEvent.followRequestEnded, { ...event, accepted: true }),
        ...(isNew ? [eventRow(userEvent.followed, event), eventRow(userEvent.followAccepted, event)] : []),
      ];
    });
  }
}
