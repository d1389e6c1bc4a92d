import { Injectable } from '@nestjs/common';
import { AppError, type Parsed } from '@fowergram/contracts-core';
import {
  type Changed,
  MAX_FOLLOWING,
  type Relationship,
  relationshipRpc,
  userEvent,
  userRpc,
} from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { eventRow, type OutboxRow } from '@fowergram/outbox';
import { CountersService } from '../counters/counters.service.js';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { RelationsRepository } from '../relations/relations.repository.js';
import { type PairState, RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { requireNotBlocking } from '../relationships/relationships.rules.js';
import { FollowRequestsRepository } from './follow-requests.repository.js';
import { eventOf, requestsEnded, unfollowed } from './follow-events.rules.js';
import { type FollowEdge, FollowsRepository } from './follows.repository.js';

type FollowInput = Parsed<typeof userRpc.follow>;
type FollowCommand = typeof userRpc.follow | typeof userRpc.unfollow;
type RemoveInput = Parsed<typeof relationshipRpc.removeFollower>;

const FIELDS = { viewer: 'followerId', user: 'followeeId' };

@Injectable()
export class FollowsService {
  constructor(
    private readonly db: Database,
    private readonly follows: FollowsRepository,
    private readonly requests: FollowRequestsRepository,
    private readonly relations: RelationsRepository,
    private readonly changes: RelationshipChangesService,
    private readonly profiles: VisibleProfilesService,
    private readonly counters: CountersService,
  ) {}

  follow(input: FollowInput, idempotencyKey: string | undefined): Promise<Changed> {
    return this.change(userRpc.follow, input, idempotencyKey, async (tx, { blocked }) => {
      await this.profiles.requireUsers(tx, { followeeId: input.followeeId }, input.followerId);
      requireNotBlocking(blocked);
      await this.follows.lockFollower(tx, input.followerId);
      const isRequest = await this.requests.needsRequest(tx, input.followeeId);
      const made = await (isRequest ? this.requests.insert(tx, input) : this.follows.insert(tx, input));
      if (!made) return [];
      if (!isRequest) await this.counters.record(tx, [input], 1);
      await this.requireBelowLimit(tx, input.followerId);
      return [eventRow(isRequest ? userEvent.followRequested : userEvent.followed, eventOf(made))];
    });
  }

  unfollow(input: FollowInput, idempotencyKey: string | undefined): Promise<Changed> {
    return this.change(userRpc.unfollow, input, idempotencyKey, async (tx) => {
      await this.profiles.requireUsers(tx, { followeeId: input.followeeId }, input.followerId);
      const withdrawn = await this.requests.remove(tx, input);
      return [...requestsEnded(withdrawn ? [withdrawn] : []), ...(await this.remove(tx, input))];
    });
  }

  removeFollower(input: RemoveInput, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.removeFollower,
      input,
      viewerId,
      userId,
      seenBy: 'user' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      return this.remove(tx, { followerId: userId, followeeId: viewerId });
    });
  }

  /** Ends the follows and requests between two users, whose pair is locked; answers the events. */
  async endBetween(tx: Tx, one: string, other: string): Promise<OutboxRow[]> {
    const withdrawn = await this.requests.removeBetween(tx, one, other);
    const removed = await this.follows.removeBetween(tx, one, other);
    await this.counters.record(tx, removed, -1);
    return [...requestsEnded(withdrawn), ...unfollowed(removed)];
  }

  relationships(viewerId: string, userIds: string[]): Promise<Relationship[]> {
    return this.relations.relationships(this.db, viewerId, userIds);
  }

  private change(
    contract: FollowCommand,
    input: FollowInput,
    idempotencyKey: string | undefined,
    effect: (tx: Tx, state: PairState) => Promise<OutboxRow[]>,
  ): Promise<Changed> {
    const { followerId: viewerId, followeeId: userId } = input;
    return this.changes.run({ contract, input, viewerId, userId, fields: FIELDS, idempotencyKey }, effect);
  }

  private async remove(tx: Tx, edge: FollowEdge): Promise<OutboxRow[]> {
    const removed = await this.follows.remove(tx, edge);
    if (!removed) return [];
    await this.counters.record(tx, [removed], -1);
    return unfollowed([removed]);
  }

  /** The follower is locked and the new edge is counted already, so two follows at once cannot both be the last one. */
  private async requireBelowLimit(tx: Tx, followerId: string): Promise<void> {
    if ((await this.follows.wanted(tx, followerId)) <= MAX_FOLLOWING) return;
    throw new AppError('FORBIDDEN', `Nobody can follow more than ${MAX_FOLLOWING} users.`, {
      reason: 'FOLLOWING_LIMIT',
    });
  }
}
