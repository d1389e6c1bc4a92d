import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Parsed } from '@fowergram/contracts-core';
import { type Profile, userEvent, userRpc } from '@fowergram/contracts-user';
import { Database, type Sql } from '@fowergram/database';
import { answerOf, once } from '@fowergram/idempotency';
import { Outbox } from '@fowergram/outbox';
import { AvatarsService } from './avatars.service.js';
import { ProfilesRepository } from './profiles.repository.js';
import { changed, mayBeUsername, refuseUnstorable, usernameTaken } from './profiles.rules.js';

type CreateInput = Parsed<typeof userRpc.createProfile>;
type UpdateInput = Parsed<typeof userRpc.updateProfile>;

@Injectable()
export class ProfilesService {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(ProfilesRepository) private readonly profiles: ProfilesRepository,
    @Inject(AvatarsService) private readonly avatars: AvatarsService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async create(input: CreateInput, idempotencyKey: string | undefined): Promise<Profile> {
    return this.db.transaction((tx) =>
      once(tx, idempotencyKey, userRpc.createProfile, input, async () => {
        const made = await this.profiles.insert(tx, input.userId, input.username);
        if (made) return made;
        const [existing] = await this.profiles.byIds([input.userId], tx);
        if (!existing) throw usernameTaken();
        return existing;
      }),
    );
  }

  async update(input: UpdateInput, idempotencyKey: string | undefined): Promise<Profile> {
    refuseUnstorable(input);
    const kept = await answerOf(this.db, idempotencyKey, userRpc.updateProfile, input);
    if (kept) return kept.answer;
    // The claim is another service's: it comes before the transaction, and is released later should this one fail.
    if (input.avatarMediaId) await this.avatars.claim(input.userId, input.avatarMediaId);
    const profile = await this.db.transaction((tx) =>
      once(tx, idempotencyKey, userRpc.updateProfile, input, async () => {
        const { userId, ...change } = input;
        const before = await this.profiles.lock(tx, userId);
        if (!before) throw notFound('user', ['userId']);
        const after = changed(before, change);
        if (!after) return before;
        if (!(await this.profiles.update(tx, after))) throw usernameTaken();
        await this.outbox.add(tx, userEvent.profileUpdated, { userId });
        return after;
      }),
    );
    this.outbox.wake();
    return profile;
  }

  byIds(ids: string[]): Promise<Profile[]> {
    return this.profiles.byIds(ids);
  }

  async byUsername(username: string): Promise<Profile | null> {
    if (!mayBeUsername(username)) return null;
    return (await this.profiles.byUsername(username)) ?? null;
  }

  /** Throws NOT_FOUND at the first field whose user has no profile. */
  async requireUsers(sql: Sql, fields: Record<string, string>): Promise<void> {
    const known = new Set((await this.profiles.byIds(Object.values(fields), sql)).map((profile) => profile.id));
    const missing = Object.entries(fields).find(([, id]) => !known.has(id));
    if (missing) throw notFound('user', [missing[0]]);
  }
}
