import { Injectable } from '@nestjs/common';
import { notFound } from '@fowergram/contracts-core';
import type { Sql } from '@fowergram/database';
import { requireActive } from '../accounts/accounts.rules.js';
import { ProfilesRepository } from './profiles.repository.js';

/** Who may act, and on whom. */
@Injectable()
export class VisibleProfilesService {
  constructor(private readonly profiles: ProfilesRepository) {}

  /** Throws NOT_FOUND at the first field whose user this viewer does not see; without a viewer, whom nobody sees. */
  async requireUsers(sql: Sql, fields: Record<string, string>, viewerId: string | null = null): Promise<void> {
    const known = new Set((await this.profiles.byIds(Object.values(fields), viewerId, sql)).map(({ id }) => id));
    const missing = Object.entries(fields).find(([, id]) => !known.has(id));
    if (missing) throw notFound('user', [missing[0]]);
  }

  /** Throws NOT_FOUND at the field for an actor who does not exist, and FORBIDDEN for one who may do nothing now. */
  async requireActor(sql: Sql, userId: string, field: string): Promise<void> {
    const status = (await this.profiles.statuses(sql, [userId])).get(userId);
    if (!status) throw notFound('user', [field]);
    requireActive(status);
  }
}
