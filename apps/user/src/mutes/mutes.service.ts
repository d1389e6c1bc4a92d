import { Injectable } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Changed, relationshipRpc } from '@fowergram/contracts-user';
import { Every } from '@fowergram/service-kit';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { type OwnListInput, OwnListsService } from '../relationships/own-lists.service.js';
import { RelationshipChangesService } from '../relationships/relationship-changes.service.js';
import { requireRoom } from '../relationships/relationships.rules.js';
import { MutesRepository } from './mutes.repository.js';
import { muteEnds } from './mutes.rules.js';

const PURGE_INTERVAL_MS = 60_000;

/** The muted never learn of it. */
@Injectable()
export class MutesService {
  constructor(
    private readonly mutes: MutesRepository,
    private readonly changes: RelationshipChangesService,
    private readonly profiles: VisibleProfilesService,
    private readonly lists: OwnListsService,
  ) {}

  mute(input: Parsed<typeof relationshipRpc.mute>, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    return this.changes.run({ contract: relationshipRpc.mute, input, viewerId, userId, idempotencyKey }, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      await this.mutes.set(tx, { muterId: viewerId, mutedId: userId, ...muteEnds(input, new Date()) });
      requireRoom(await this.mutes.length(tx, viewerId));
      return [];
    });
  }

  unmute(input: Parsed<typeof relationshipRpc.unmute>, idempotencyKey: string | undefined): Promise<Changed> {
    const { viewerId, userId } = input;
    const change = { contract: relationshipRpc.unmute, input, viewerId, userId, idempotencyKey };
    return this.changes.run(change, async (tx) => {
      await this.profiles.requireUsers(tx, { userId }, viewerId);
      await this.mutes.remove(tx, viewerId, userId);
      return [];
    });
  }

  list(input: OwnListInput): Promise<Page<string>> {
    return this.lists.page(input, (viewerId, next) => this.mutes.list(viewerId, next));
  }

  @Every(PURGE_INTERVAL_MS, 'purge mutes that are over')
  async purgeEnded(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.mutes.purgeEnded()));
  }
}
