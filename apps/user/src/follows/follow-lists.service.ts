import { Injectable } from '@nestjs/common';
import {
  type Output,
  type Page,
  type Parsed,
  type Position,
  type Reading,
  readingByTime,
  readingOnByTime,
} from '@fowergram/contracts-core';
import { type discoveryRpc, MAX_FOLLOWING, type userRpc } from '@fowergram/contracts-user';
import { Database, readIds, type Stretch } from '@fowergram/database';
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
    return this.page(input, (viewerId, reading) => this.lists.followers(input.userId, viewerId, reading));
  }

  following(input: ListInput): Promise<Page<string>> {
    return this.page(input, (viewerId, reading) => this.lists.following(input.userId, viewerId, reading));
  }

  mutualFollows(input: ListInput): Promise<Page<string>> {
    return this.page(input, (viewerId, reading) => this.lists.mutual(input.userId, viewerId, reading));
  }

  async familiarFollowers({
    userId,
    viewerId,
    ...page
  }: Parsed<typeof discoveryRpc.familiarFollowers>): Promise<Page<string>> {
    await this.profiles.requireUsers(this.db, { userId }, viewerId);
    return readIds(readingOnByTime(page), (next) => this.lists.familiar(userId, viewerId, next));
  }

  async followerIds({ userId, afterId, limit }: FollowerIdsInput): Promise<Output<typeof userRpc.followerIds>> {
    const ids = await this.follows.followerIds(userId, afterId ?? undefined, limit + 1);
    return { ids: ids.slice(0, limit), hasMore: ids.length > limit };
  }

  async followeeIds({ userId }: { userId: string }): Promise<Output<typeof userRpc.followeeIds>> {
    return { ids: await this.follows.followeeIds(userId, MAX_FOLLOWING) };
  }

  private async page(
    { userId, viewerId = null, ...page }: ListInput,
    read: (viewerId: string | null, reading: Reading) => Promise<Stretch<Position>>,
  ): Promise<Page<string>> {
    const reading = readingByTime(page);
    await this.profiles.requireUsers(this.db, { userId }, viewerId);
    return readIds(reading, (next) => read(viewerId, next));
  }
}
