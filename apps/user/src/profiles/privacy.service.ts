import { Injectable } from '@nestjs/common';
import { type Profile, userEvent, type VisibilityChanges } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { Outbox } from '@fowergram/outbox';
import { PrivacyRepository } from './privacy.repository.js';

/** Makes accounts private or public, and publishes it with the version of the account. */
@Injectable()
export class PrivacyService {
  constructor(
    private readonly privacy: PrivacyRepository,
    private readonly outbox: Outbox,
  ) {}

  /** The profile is locked and ACTIVE. What is so already is answered again, so that a repeat completes what came after it. */
  async set(tx: Tx, { id: userId, isPrivate }: Profile): Promise<VisibilityChanges> {
    const change = await this.privacy.set(tx, userId, isPrivate);
    if (change) {
      const { role, version, at } = change;
      const event = { userId, role, status: 'ACTIVE' as const, isPrivate, version, at: at.toISOString() };
      await this.outbox.add(tx, userEvent.accountChanged, event);
    }
    const version = change?.version ?? (await this.privacy.version(tx, userId));
    return { relations: [], accounts: [{ userId, version, hidden: false, isPrivate }] };
  }
}
