import { Injectable } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { CloseFriendsService } from '../close-friends/close-friends.service.js';
import { FollowsService } from '../follows/follows.service.js';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { type OwnListInput, OwnListsService } from '../relationships/own-lists.service.js';
import { RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { requireRoom } from '../relationships/relationships.rules.js';
import { ReportedUsersRepository } from '../reports/reported-users.repository.js';
import { BlocksRepository } from './blocks.repository.js';

type Input = Parsed<typeof relationshipRpc.block>;

/** Also whoever is blocked by the other one may block them, so that the end of that block shows nothing to whom it must not. */
@Injectable()
export class BlocksService {
  constructor(
    private readonly blocks: BlocksRepository,
    private readonly follows: FollowsService,
    private readonly closeFriends: CloseFriendsService,
    private readonly reported: ReportedUsersRepository,
    private readonly changes: RelationshipChangesService,
    private readonly profiles: VisibleProfilesService,
    private readonly lists: OwnListsService,
  ) {}

  /** Ends what binds the two, in a few statements however much that is; the end of the block brings nothing back. */
  block(input: Input, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.block,
      input,
      viewerId,
      userId,
      seenBy: 'both' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId });
      if (!(await this.blocks.insert(tx, viewerId, userId))) return [];
      requireRoom(await this.blocks.length(tx, viewerId));
      await this.closeFriends.endBetween(tx, viewerId, userId);
      return this.follows.endBetween(tx, viewerId, userId);
    });
  }

  /** Whom the viewer has reported is seen again, too. */
  unblock(input: Input, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.unblock,
      input,
      viewerId,
      userId,
      seenBy: 'both' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId });
      await this.blocks.remove(tx, viewerId, userId);
      await this.reported.show(tx, viewerId, userId);
      return [];
    });
  }

  list(input: OwnListInput): Promise<Page<string>> {
    return this.lists.page(input, (viewerId, next) => this.blocks.list(viewerId, next));
  }
}
