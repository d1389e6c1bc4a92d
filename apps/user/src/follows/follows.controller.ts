import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, type Relationship, relationshipRpc, userRpc, discoveryRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { FollowListsService } from './follow-lists.service.js';
import { FollowsService } from './follows.service.js';

@Controller()
export class FollowsController {
  constructor(
    private readonly follows: FollowsService,
    private readonly lists: FollowListsService,
  ) {}

  @Handle(userRpc.follow)
  follow(input: Parsed<typeof userRpc.follow>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.follows.follow(input, idempotencyKey);
  }

  @Handle(userRpc.unfollow)
  unfollow(input: Parsed<typeof userRpc.unfollow>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.follows.unfollow(input, idempotencyKey);
  }

  @Handle(relationshipRpc.removeFollower)
  removeFollower(input: Parsed<typeof relationshipRpc.removeFollower>, { idempotencyKey }: Envelope): Promise<Changed> {
    return this.follows.removeFollower(input, idempotencyKey);
  }

  @Handle(userRpc.relationships)
  relationships({ viewerId, userIds }: Parsed<typeof userRpc.relationships>): Promise<Relationship[]> {
    return this.follows.relationships(viewerId, userIds);
  }

  @Handle(userRpc.followers)
  followers(input: Parsed<typeof userRpc.followers>): Promise<Page<string>> {
    return this.lists.followers(input);
  }

  @Handle(userRpc.following)
  following(input: Parsed<typeof userRpc.following>): Promise<Page<string>> {
    return this.lists.following(input);
  }

  @Handle(userRpc.mutualFollows)
  mutualFollows(input: Parsed<typeof userRpc.mutualFollows>): Promise<Page<string>> {
    return this.lists.mutualFollows(input);
  }

  @Handle(discoveryRpc.familiarFollowers)
  familiarFollowers(input: Parsed<typeof discoveryRpc.familiarFollowers>): Promise<Page<string>> {
    return this.lists.familiarFollowers(input);
  }

  @Handle(userRpc.followerIds)
  followerIds(input: Parsed<typeof userRpc.followerIds>): Promise<Output<typeof userRpc.followerIds>> {
    return this.lists.followerIds(input);
  }

  @Handle(userRpc.followeeIds)
  followeeIds(input: Parsed<typeof userRpc.followeeIds>): Promise<Output<typeof userRpc.followeeIds>> {
    return this.lists.followeeIds(input);
  }
}
