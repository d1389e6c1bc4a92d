import { Injectable } from '@nestjs/common';
import type { ServiceAccount, ServiceCaller, ServiceScope } from '@fowergram/contracts-user';
import { Database, newId, one, type Sql, type Tx } from '@fowergram/database';

export interface ServiceAccountAction {
  administratorId: string;
  account: Pick<ServiceAccount, 'id' | 'name'>;
  keyId?: string;
  action: 'CREATE' | 'CREATE_KEY' | 'REVOKE_KEY' | 'CLOSE';
  reason: string;
}

/** A key as it is stored. */
export interface NewKey {
  accountId: string;
  hash: string;
  ending: string;
}

interface AccountRow {
  id: string;
  name: string;
  scopes: ServiceScope[];
  createdAt: Date;
}

interface KeyRow {
  id: string;
  accountId: string;
  ending: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

@Injectable()
export class ServiceAccountsRepository {
  constructor(private readonly db: Database) {}

  /** Who has the key; notes its use where that was not noted within the hour. */
  async byKeyHash(hash: string): Promise<ServiceCaller | undefined> {
    const [found] = await this.db.query<ServiceCaller & { keyId: string; isNoted: boolean }>(BY_KEY_HASH, [hash]);
    if (!found) return undefined;
    if (!found.isNoted) await this.db.query(NOTE_USE, [found.keyId]);
    return { id: found.id, scopes: found.scopes };
  }

  all(): Promise<ServiceAccount[]> {
    return this.withKeys(this.db, null);
  }

  async byId(tx: Tx, id: string): Promise<ServiceAccount | undefined> {
    return (await this.withKeys(tx, id))[0];
  }

  /** Lets those who add accounts take turns, so that their number is what it was when they counted. */
  async lockCount(tx: Tx): Promise<number> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('service-accounts', 0))`, []);
    return one(await tx.query<{ count: number }>('select count(*)::int as count from service_account', [])).count;
  }

  /** False when there is no such account. */
  async lock(tx: Tx, id: string): Promise<boolean> {
    return (await tx.query('select from service_account where id = $1 for update', [id])).length > 0;
  }

  async insert(tx: Tx, id: string, name: string, scopes: ServiceScope[]): Promise<void> {
    await tx.query('insert into service_account (id, name, scopes) values ($1, $2, $3)', [id, name, scopes]);
  }

  async insertKey(tx: Tx, { accountId, hash, ending }: NewKey): Promise<string> {
    const id = newId();
    await tx.query(INSERT_KEY, [id, accountId, hash, ending]);
    return id;
  }

  /** The account of the key, which is locked; undefined when there is no such key. */
  async lockOfKey(tx: Tx, keyId: string): Promise<string | undefined> {
    return (await tx.query<{ id: string }>(LOCK_OF_KEY, [keyId]))[0]?.id;
  }

  /** False when somebody else has revoked it. */
  async removeKey(tx: Tx, keyId: string): Promise<boolean> {
    return (await tx.query('delete from service_account_key where id = $1 returning 1 as gone', [keyId])).length > 0;
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query('delete from service_account where id = $1', [id]);
  }

  async recordAction(tx: Tx, { administratorId, account, keyId, action, reason }: ServiceAccountAction): Promise<void> {
    await tx.query(RECORD, [newId(), administratorId, account.id, account.name, keyId ?? null, action, reason]);
  }

  private async withKeys(sql: Sql, id: string | null): Promise<ServiceAccount[]> {
    const accounts = await sql.query<AccountRow>(ACCOUNTS, [id]);
    const keys = await sql.query<KeyRow>(KEYS, [accounts.map((account) => account.id)]);
    return accounts.map((account) => toServiceAccount(account, keys));
  }
}

const BY_KEY_HASH = `
  select a.id, a.scopes, k.id as "keyId", coalesce(k.last_used_at > now() - interval '1 hour', false) as "isNoted"
  from service_account_key k join service_account a on a.id = k.account_id
  where k.hash = decode($1, 'hex')`;

const NOTE_USE = `
  update service_account_key set last_used_at = now()
  where id = $1 and (last_used_at is null or last_used_at <= now() - interval '1 hour')`;

const INSERT_KEY = `insert into service_account_key (id, account_id, hash, ending) values ($1, $2, decode($3, 'hex'), $4)`;

const LOCK_OF_KEY = `
  select a.id from service_account a
  where a.id = (select account_id from service_account_key where id = $1) for update`;

const RECORD = `
  insert into service_account_action (id, administrator_id, account_id, account_name, key_id, action, reason)
  values ($1, $2, $3, $4, $5, $6, $7)`;

const ACCOUNTS = `
  select id, name, scopes, created_at as "createdAt" from service_account
  where $1::uuid is null or id = $1 order by created_at desc, id desc`;

const KEYS = `
  select id, account_id as "accountId", ending, created_at as "createdAt", last_used_at as "lastUsedAt"
  from service_account_key where account_id = any($1::uuid[]) order by created_at desc, id desc`;

const toServiceAccount = ({ createdAt, ...account }: AccountRow, keys: KeyRow[]): ServiceAccount => ({
  ...account,
  createdAt: createdAt.toISOString(),
  keys: keys
    .filter(({ accountId }) => accountId === account.id)
    .map(({ id, ending, createdAt: madeAt, lastUsedAt }) => ({
      id,
      ending,
      createdAt: madeAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    })),
});
