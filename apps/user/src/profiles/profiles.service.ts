import { Injectable } from '@nestjs/common';
import { type Counter, Registry } from 'prom-client';
import { notFound, type Output, type Parsed, requireVersion } from '@fowergram/contracts-core';
import { type Profile, profileVersion, userEvent, userRpc } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { findStoredResponse, withIdempotency } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { counter } from '@fowergram/service-kit';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { requireActive } from '../accounts/accounts.rules.js';
import { OpenAccountsService } from '../follows/open-accounts.service.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { AvatarsService } from './avatars.service.js';
import { PrivacyService } from './privacy.service.js';
import { ProfilesRepository } from './profiles.repository.js';
import { changed, mayBeUsername, requireStorable, usernameTaken } from './profiles.rules.js';
import { UsernamesRepository } from './usernames.repository.js';

type CreateInput = Parsed<typeof userRpc.createProfile>;
type UpdateInput = Parsed<typeof userRpc.updateProfile>;
type Updated = Output<typeof userRpc.updateProfile>;

@Injectable()
export class ProfilesService {
  private readonly signUps: Counter<never>;

  constructor(
    private readonly db: Database,
    private readonly profiles: ProfilesRepository,
    private readonly usernames: UsernamesRepository,
    private readonly accounts: AccountsRepository,
    private readonly avatars: AvatarsService,
    private readonly privacy: PrivacyService,
    private readonly openAccounts: OpenAccountsService,
    private readonly mentions: MentionsService,
    private readonly outbox: Outbox,
    metrics: Registry,
  ) {
    this.signUps = counter(metrics, 'sign_ups_total', 'Profiles that were made.', []);
  }

  async create(input: CreateInput, idempotencyKey: string | undefined): Promise<Profile> {
    let isNew = false;
    const profile = await this.db.transaction(async (tx) => {
      await this.accounts.lockIdentity(tx, input.userId);
      if (await this.accounts.isDeleted(tx, input.userId)) requireActive('DELETED');
      return withIdempotency(tx, idempotencyKey, userRpc.createProfile, input, () =>
        this.make(tx, input, () => (isNew = true)),
      );
    });
    if (isNew) this.signUps.inc();
    return profile;
  }

  async update(input: UpdateInput, idempotencyKey: string | undefined): Promise<Updated> {
    requireStorable(input);
    const stored = await findStoredResponse(this.db, idempotencyKey, userRpc.updateProfile, input);
    if (stored) return stored.answer;
    // The claim is another service's: it comes before the transaction, and is released later should this one fail.
    if (input.avatarMediaId) await this.avatars.claim(input.userId, input.avatarMediaId);
    const updated = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, userRpc.updateProfile, input, async () => {
        const profile = await this.change(tx, input);
        return input.isPrivate === undefined ? profile : { ...profile, changes: await this.privacy.set(tx, profile) };
      }),
    );
    this.outbox.trigger();
    if (updated.changes && !updated.isPrivate) await this.openAccounts.open(input.userId);
    return updated;
  }

  byIds(ids: string[], viewerId: string | null): Promise<Profile[]> {
    return this.profiles.byIds(ids, viewerId);
  }

  async byUsername(username: string, viewerId: string | null): Promise<Profile | null> {
    if (!mayBeUsername(username)) return null;
    return (await this.profiles.byUsername(username, viewerId)) ?? null;
  }

  private async change(
    tx: Tx,
    { userId, expectedVersion, expectedVersions, ...change }: UpdateInput,
  ): Promise<Profile> {
    const before = await this.profiles.lock(tx, userId);
    if (!before) throw notFound('user', ['userId']);
    requireActive((await this.profiles.statuses(tx, [userId])).get(userId)!);
    requireVersion(profileVersion(before), { expectedVersion, expectedVersions });
    const after = changed(before, change);
    if (!after) return before;
    if (!(await this.profiles.update(tx, after))) throw usernameTaken();
    if (after.username !== before.username) await this.requireNotHeld(tx, after.username);
    if (after.bio !== before.bio) await this.mentions.storeOfBio(tx, userId, after.bio);
    await this.outbox.add(tx, userEvent.profileUpdated, { userId });
    return after;
  }

  private async make(tx: Tx, { userId, username }: CreateInput, onNew: () => void): Promise<Profile> {
    const made = await this.profiles.insert(tx, userId, username);
    if (made) {
      await this.requireNotHeld(tx, username);
      onNew();
      return made;
    }
    const existing = await this.profiles.lock(tx, userId);
    if (!existing) throw usernameTaken();
    return existing;
  }

  /** Comes after the write: one that had to wait for the end of a profile of that name sees the hold which that end has left. */
  private async requireNotHeld(tx: Tx, username: string): Promise<void> {
    if (await this.usernames.isHeld(tx, username)) throw usernameTaken();
  }
}
