import { Injectable } from '@nestjs/common';
import {
  decodePosition,
  encodePosition,
  type Output,
  type Page,
  type Parsed,
  type Position,
  toPage,
} from '@fowergram/contracts-core';
import { type discoveryRpc, MAX_FOLLOWING, type userRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { FollowListsRepository } from './follow-lists.repository.js';
import { FollowsRepository } from './follows.repository.js';

type ListInput = Parsed<typeof userRpc.followers>;
type FollowerIdsInput = Parsed<typeof userRpc.followerIds>;

@Injectable()
export class FollowListsService {
  constructor(
    private readonly db: Database,
    private readonly follows: FollowsRepository,
    private readonly lists: FollowListsRepository,
    private readonly profiles: VisibleProfilesService,
  ) {}

  followers(input: ListInput): Promise<Page<string>> {
    return this.page(input, (after, limit, viewerId) => this.lists.followers(input.userId, viewerId, after, limit));
  }

  following(input: ListInput): Promise<Page<string>> {
    return this.page(input, (after, limit, viewerId) => this.lists.following(input.userId, viewerId, after, limit));
  }

  mutualFollows(input: ListInput): Promise<Page<string>> {
    return this.page(input, (after, limit, viewerId) => this.lists.mutual(input.userId, viewerId, after, limit));
  }

  /** The cursors are good for this list of this viewer only. */
  async familiarFollowers({
    userId,
    viewerId,
    first,
    after,
  }: Parsed<typeof discoveryRpc.familiarFollowers>): Promise<Page<string>> {
    const scope = `familiar-followers:${viewerId}:${userId}`;
    await this.profiles.requireUsers(this.db, { userId }, viewerId);
    const rows = await this.lists.familiar(
      userId,
      viewerId,
      after ? decodePosition(after, scope) : undefined,
      first + 1,
    );
    return toPage(rows, first, (row) => ({ cursor: encodePosition(row, scope), node: row.id }));
  }

  async followerIds({ userId, afterId, limit }: FollowerIdsInput): Promise<Output<typeof userRpc.followerIds>> {
    const ids = await this.follows.followerIds(userId, afterId ?? undefined, limit + 1);
    return { ids: ids.slice(0, limit), hasMore: ids.length > limit };
  }

  async followeeIds({ userId }: { userId: string }): Promise<Output<typeof userRpc.followeeIds>> {
    return { ids: await this.follows.followeeIds(userId, MAX_FOLLOWING) };
  }

  private async page(
    { userId, viewerId = null, first, after }: ListInput,
    fetch: (after: Position | undefined, limit: number, viewerId: string | null) => Promise<Position[]>,
  ): Promise<Page<string>> {
    await this.profiles.requireUsers(this.db, { userId }, viewerId);
    const rows = await fetch(after ? decodePosition(after) : undefined, first + 1, viewerId);
    return toPage(rows, first, (row) => ({ cursor: encodePosition(row), node: row.id }));
  }
}
