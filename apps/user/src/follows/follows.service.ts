import { Injectable } from '@nestjs/common';
import { AppError, badInput, type Parsed } from '@fowergram/contracts-core';
import { MAX_FOLLOWING, type Relationship, userEvent, userRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { CountersService } from '../counters/counters.service.js';
import { ProfilesService } from '../profiles/profiles.service.js';
import { FollowsRepository } from './follows.repository.js';

type FollowInput = Parsed<typeof userRpc.follow>;
type FollowCommand = typeof userRpc.follow | typeof userRpc.unfollow;

@Injectable()
export class FollowsService {
  constructor(
    private readonly db: Database,
    private readonly follows: FollowsRepository,
    private readonly profiles: ProfilesService,
    private readonly counters: CountersService,
    private readonly outbox: Outbox,
  ) {}

  follow(input: FollowInput, idempotencyKey: string | undefined): Promise<Relationship> {
    return this.change(userRpc.follow, input, idempotencyKey, async (tx) => {
      const made = await this.follows.insert(tx, input);
      if (!made) return;
      await this.counters.record(tx, input, 1);
      await this.requireBelowLimit(tx, input.followerId);
      await this.outbox.add(tx, userEvent.followed, { ...input, version: made.version, at: made.at.toISOString() });
    });
  }

  unfollow(input: FollowInput, idempotencyKey: string | undefined): Promise<Relationship> {
    return this.change(userRpc.unfollow, input, idempotencyKey, async (tx) => {
      const removed = await this.follows.remove(tx, input);
      if (!removed) return;
      await this.counters.record(tx, input, -1);
      await this.outbox.add(tx, userEvent.unfollowed, {
        ...input,
        version: removed.version,
        at: removed.at.toISOString(),
      });
    });
  }

  relationships(viewerId: string, userIds: string[]): Promise<Relationship[]> {
    return this.follows.relationships(this.db, viewerId, userIds);
  }

  private async change(
    contract: FollowCommand,
    input: FollowInput,
    idempotencyKey: string | undefined,
    effect: (tx: Tx) => Promise<void>,
  ): Promise<Relationship> {
    const { followerId, followeeId } = input;
    if (followerId === followeeId) throw badInput(['followeeId'], 'Nobody can follow themselves.', 'ONESELF');
    const relationship = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        await this.follows.lockFollower(tx, followerId);
        await this.profiles.requireFollower(tx, followerId);
        await this.profiles.requireUsers(tx, { followeeId });
        await effect(tx);
        return this.follows.relationship(tx, followerId, followeeId);
      }),
    );
    this.outbox.trigger();
    return relationship;
  }

  /** The follower is locked and the new edge is counted already, so two follows at once cannot both be the last one. */
  private async requireBelowLimit(tx: Tx, followerId: string): Promise<void> {
    const [counts] = await this.counters.byIds([followerId], tx);
    if (counts && counts.followingCount <= MAX_FOLLOWING) return;
    throw new AppError('FORBIDDEN', `Nobody can follow more than ${MAX_FOLLOWING} users.`, {
      reason: 'FOLLOWING_LIMIT',
    });
  }
}
