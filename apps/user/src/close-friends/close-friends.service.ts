import { Injectable } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { type OwnListInput, OwnListsService } from '../relationships/own-lists.service.js';
import { RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { requireNotBlocking, requireRoom } from '../relationships/relationships.rules.js';
import { CloseFriendsRepository } from './close-friends.repository.js';

type Input = Parsed<typeof relationshipRpc.addCloseFriend>;

/** The list is its owner's secret: nobody learns that they are on it, and they need not follow. */
@Injectable()
export class CloseFriendsService {
  constructor(
    private readonly friends: CloseFriendsRepository,
    private readonly changes: RelationshipChangesService,
    private readonly profiles: VisibleProfilesService,
    private readonly lists: OwnListsService,
  ) {}

  add(input: Input, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.addCloseFriend,
      input,
      viewerId,
      userId,
      seenBy: 'user' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx, { blocked }) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      requireNotBlocking(blocked);
      if (await this.friends.insert(tx, viewerId, userId)) requireRoom(await this.friends.length(tx, viewerId));
      return [];
    });
  }

  remove(input: Input, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = {
      contract: relationshipRpc.removeCloseFriend,
      input,
      viewerId,
      userId,
      seenBy: 'user' as const,
      idempotencyKey,
    };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      await this.friends.remove(tx, viewerId, userId);
      return [];
    });
  }

  /** Takes two users, whose pair is locked, off each other's lists. */
  async endBetween(tx: Tx, one: string, other: string): Promise<void> {
    await this.friends.removeBetween(tx, one, other);
  }

  list(input: OwnListInput): Promise<Page<string>> {
    return this.lists.page(input, (viewerId, next) => this.friends.list(viewerId, next));
  }
}
