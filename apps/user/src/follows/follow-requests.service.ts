import { Injectable } from '@nestjs/common';
import { notFound, type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { readIds } from '@fowergram/database';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { RelationsRepository } from '../relations/relations.repository.js';
import { type OwnListInput, OwnListsService } from '../relationships/own-lists.service.js';
import { RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { requestsEnded } from './follow-events.rules.js';
import { FollowRequestsRepository } from './follow-requests.repository.js';
import { RequestAcceptanceService } from './request-acceptance.service.js';

type Answer = Parsed<typeof relationshipRpc.acceptRequest>;

/** What the one who is asked does about requests; the viewer is the followee. */
@Injectable()
export class FollowRequestsService {
  constructor(
    private readonly requests: FollowRequestsRepository,
    private readonly acceptance: RequestAcceptanceService,
    private readonly changes: RelationshipChangesService,
    private readonly relations: RelationsRepository,
    private readonly profiles: VisibleProfilesService,
    private readonly lists: OwnListsService,
  ) {}

  accept(input: Answer, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.acceptRequest,
      input,
      viewerId,
      userId,
      seenBy: 'user' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      const events = await this.acceptance.accept(tx, viewerId, [userId]);
      if (events.length > 0 || (await this.relations.relationship(tx, viewerId, userId)).followedBy) return events;
      throw notFound('follow request', ['userId']);
    });
  }

  reject(input: Answer, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.rejectRequest,
      input,
      viewerId,
      userId,
      seenBy: 'user' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      const rejected = await this.requests.remove(tx, { followerId: userId, followeeId: viewerId });
      return requestsEnded(rejected ? [rejected] : []);
    });
  }

  received(input: OwnListInput): Promise<Page<string>> {
    return readIds(readingOnByTime(input), (next) => this.requests.received(input.viewerId, next));
  }

  sent(input: OwnListInput): Promise<Page<string>> {
    return this.lists.page(input, (viewerId, next) => this.requests.sent(viewerId, next));
  }
}
