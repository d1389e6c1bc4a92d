import { Injectable } from '@nestjs/common';
import { Database, one } from '@fowergram/database';

export interface RevocationRow {
  handle: string;
  revokedAt: Date;
}

@Injectable()
export class SessionsRepository {
  constructor(private readonly db: Database) {}

  async now(): Promise<Date> {
    return one(await this.db.query<{ now: Date }>('select clock_timestamp()::timestamptz(3) as now')).now;
  }

  /** Handles come in one order from all callers, so that two of them never wait for each other. */
  async revoke(handles: string[]): Promise<void> {
    await this.db.query(REVOKE, [handles]);
  }

  /** The moment is a time, or -infinity. */
  revokedSince(since: string, after: string, limit: number): Promise<RevocationRow[]> {
    return this.db.query<RevocationRow>(REVOKED_SINCE, [since, after, limit]);
  }

  async notePasswordChange(userId: string, at: Date): Promise<void> {
    await this.db.query(NOTE_PASSWORD_CHANGE, [userId, at]);
  }

  /** Removes up to `limit` revocations that are older; answers how many there were. */
  async removeRevocations(olderThanMs: number, limit: number): Promise<number> {
    return (await this.db.query(REMOVE_REVOCATIONS, [olderThanMs / 1_000, limit])).length;
  }

  async removePasswordChanges(olderThanMs: number, limit: number): Promise<number> {
    return (await this.db.query(REMOVE_PASSWORD_CHANGES, [olderThanMs / 1_000, limit])).length;
  }
}

const REVOKE = `
  insert into session_revocation (handle, revoked_at) select handle, clock_timestamp() from unnest($1::text[]) handle
  on conflict do nothing`;

const REVOKED_SINCE = `
  select handle, revoked_at as "revokedAt" from session_revocation
  where (revoked_at, handle) > ($1::timestamptz, $2::text)
  order by revoked_at, handle limit $3`;

// The newest word counts, also when it names an earlier time: a change that was announced has happened then.
const NOTE_PASSWORD_CHANGE = `
  insert into password_change (user_id, changed_at)
  select $1::uuid, $2::timestamptz where not exists (select from erasure where user_id = $1::uuid)
  on conflict (user_id) do update set changed_at = excluded.changed_at`;

const REMOVE_REVOCATIONS = `
  delete from session_revocation where handle = any(array(
    select handle from session_revocation where revoked_at < now() - make_interval(secs => $1)
    order by revoked_at limit $2 for update skip locked))
  returning handle`;

const REMOVE_PASSWORD_CHANGES = `
  delete from password_change where user_id = any(array(
    select user_id from password_change where changed_at < now() - make_interval(secs => $1)
    order by changed_at limit $2 for update skip locked))
  returning user_id`;
