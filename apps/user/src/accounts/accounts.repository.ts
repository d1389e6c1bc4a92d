import { Injectable } from '@nestjs/common';
import { type AccountStatus, foldedUsername, userEvent } from '@fowergram/contracts-user';
import { Database, newId, one, type Sql, type Tx } from '@fowergram/database';
import { eventRow } from '@fowergram/outbox';
import { STATUS_NOW } from './account-status.sql.js';
import type { StoredAccount, AccountStateFacts } from './accounts.rules.js';

export interface DenylistEntry {
  userId: string;
  status: AccountStatus;
  version: number;
}

export interface AccountAction {
  moderatorId: string;
  userId: string;
  action: string;
  reason: string;
  until: Date | null;
  /** The post or comment that it was about; left out where it was the account as a whole. */
  contentId?: string;
}

@Injectable()
export class AccountsRepository {
  constructor(private readonly db: Database) {}

  /** Makes the creation and the deletion of one account wait for each other; it needs no row to exist. */
  async lockIdentity(tx: Tx, userId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('account:' || $1, 0))`, [userId]);
  }

  /** True when the account was deleted, whatever is left of it. */
  async isDeleted(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select from erasure where user_id = $1', [userId])).length > 0;
  }

  async state(userId: string, sql: Sql = this.db): Promise<AccountStateFacts> {
    return one(await sql.query<AccountStateFacts>(STATE, [userId]));
  }

  async denylist(since: Date, afterId: string | undefined, limit: number): Promise<DenylistEntry[]> {
    return this.db.query<DenylistEntry>(DENYLIST, [since, afterId ?? FIRST_ID, limit]);
  }

  async byIds(ids: string[], sql: Sql = this.db): Promise<Map<string, StoredAccount>> {
    return byId(await sql.query<StoredAccount>(`${ACCOUNTS} where p.id = any($1::uuid[])`, [ids]));
  }

  /** Locks in the order of the ids, so that two moderators who act on each other take turns. */
  async lock(tx: Tx, ids: string[]): Promise<Map<string, StoredAccount>> {
    return byId(
      await tx.query<StoredAccount>(`${ACCOUNTS} where p.id = any($1::uuid[]) order by p.id for no key update`, [ids]),
    );
  }

  async lockByUsername(tx: Tx, username: string): Promise<StoredAccount | undefined> {
    return (
      await tx.query<StoredAccount>(`${ACCOUNTS} where lower(p.username collate "C") = $1 for no key update`, [
        foldedUsername(username),
      ])
    )[0];
  }

  /** Suspensions that have run out; those at which another replica works now are left to it. */
  lockExpired(tx: Tx, limit: number): Promise<StoredAccount[]> {
    return tx.query<StoredAccount>(
      `${ACCOUNTS} where p.status = 'SUSPENDED' and p.suspended_until <= now() order by p.suspended_until limit $1 for no key update skip locked`,
      [limit],
    );
  }

  /** Writes the next version of a locked account together with the event that announces it: neither is ever without the other. */
  async change(tx: Tx, account: StoredAccount): Promise<StoredAccount> {
    const { userId, role, status, suspendedUntil, reason, dormant, isPrivate } = account;
    const [changedAt, version] = [account.now, account.version + 1];
    const at = changedAt.toISOString();
    const event = eventRow(userEvent.accountChanged, { userId, role, status, isPrivate, version, at });
    await tx.query(CHANGE, [
      userId,
      role,
      status,
      suspendedUntil,
      reason,
      dormant,
      changedAt,
      version,
      event.id,
      event.subject,
      event.payload,
      event.correlationId,
      event.headers,
    ]);
    return { ...account, changedAt, version };
  }

  async recordAction(tx: Tx, { moderatorId, userId, action, reason, until, contentId }: AccountAction): Promise<void> {
    await tx.query(
      'insert into account_action (id, moderator_id, user_id, action, reason, until, content_id) values ($1, $2, $3, $4, $5, $6, $7)',
      [newId(), moderatorId, userId, action, reason, until, contentId ?? null],
    );
  }
}

const byId = (accounts: StoredAccount[]): Map<string, StoredAccount> =>
  new Map(accounts.map((account) => [account.userId, account]));

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

// clock_timestamp is read after the lock was granted: changes of one account have times in the order of their versions.
const ACCOUNTS = `
  select p.id as "userId", p.username, p.role, ${STATUS_NOW} as status, p.suspended_until as "suspendedUntil", p.status_reason as reason,
    p.status_changed_at as "changedAt", p.dormant, p.is_private as "isPrivate", p.account_version as version, clock_timestamp()::timestamptz(3) as now
  from profile p`;

const STATE = `
  select coalesce(p.role, 'USER') as role, p.suspended_until as "suspendedUntil",
    case when e.id is not null then 'DELETED' when p.id is null then 'ACTIVE' else ${STATUS_NOW} end as status,
    coalesce(p.account_version, e.account_version, 0) as version,
    s.confirmed_at is not null as "hasSecondFactor", c.changed_at as "passwordChangedAt"
  from (values ($1::uuid)) as u (id)
  left join profile p on p.id = u.id
  left join erasure e on e.user_id = u.id
  left join second_factor s on s.user_id = u.id
  left join password_change c on c.user_id = u.id`;

// In the order of ids, which stays while accounts change between two pages. A deleted account is listed by its erasure.
const DENYLIST = `
  select * from (
    select p.id as "userId", ${STATUS_NOW} as status, p.account_version as version
    from profile p where p.status <> 'ACTIVE' and p.status <> 'DELETED' and p.status_changed_at > $1
    union all
    select e.user_id, 'DELETED', e.account_version from erasure e where e.requested_at > $1
  ) b
  where b.status <> 'ACTIVE' and b."userId" > $2
  order by b."userId" limit $3`;

const CHANGE = `
  with changed as (
    update profile set role = $2, status = $3, suspended_until = $4, status_reason = $5, dormant = $6, status_changed_at = $7, account_version = $8
    where id = $1
  )
  insert into outbox (id, subject, payload, correlation_id, headers) values ($9, $10, $11, $12, $13)`;
