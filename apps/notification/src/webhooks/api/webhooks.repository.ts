import { Injectable } from '@nestjs/common';
import type { Webhook, WebhookEventType } from '@fowergram/contracts-notification';
import { Database, newId, one, type Sql, type Tx } from '@fowergram/database';

export interface WebhookAction {
  administratorId: string | null;
  accountId: string;
  webhookId: string;
  action: 'CREATE' | 'UPDATE' | 'ROTATE_SECRET' | 'STOP' | 'START' | 'REPLAY' | 'DELETE';
  reason: string | null;
}

export interface NewWebhook {
  id: string;
  accountId: string;
  url: string;
  events: WebhookEventType[];
  /** Encrypted. */
  secret: Buffer;
}

interface WebhookRow {
  id: string;
  accountId: string;
  url: string;
  events: string[];
  state: string;
  stopReason: string | null;
  failingSince: Date | null;
  createdAt: Date;
}

/** What administrators and service accounts do with webhooks. */
@Injectable()
export class WebhooksRepository {
  constructor(private readonly db: Database) {}

  async of(sql: Sql, accountId: string): Promise<Webhook[]> {
    return (await sql.query<WebhookRow>(OF_ACCOUNT, [accountId])).map(toWebhook);
  }

  list(accountId: string): Promise<Webhook[]> {
    return this.of(this.db, accountId);
  }

  /** The webhook, where it is one of this account, or with null whosever it is. */
  async byId(sql: Sql, id: string, accountId: string | null): Promise<Webhook | undefined> {
    return (await sql.query<WebhookRow>(BY_ID, [id, accountId])).map(toWebhook)[0];
  }

  find(id: string, accountId: string | null): Promise<Webhook | undefined> {
    return this.byId(this.db, id, accountId);
  }

  /** Lets those who make webhooks for an account, or close it, take turns; false for one that is closed. */
  async lockOwner(tx: Tx, accountId: string): Promise<boolean> {
    await tx.query('insert into webhook_owner (account_id) values ($1) on conflict do nothing', [accountId]);
    const { isOpen } = one(
      await tx.query<{ isOpen: boolean }>(
        'select closed_at is null as "isOpen" from webhook_owner where account_id = $1 for update',
        [accountId],
      ),
    );
    return isOpen;
  }

  async closeOwner(tx: Tx, accountId: string): Promise<void> {
    await tx.query('update webhook_owner set closed_at = now() where account_id = $1', [accountId]);
    await tx.query(DELETE_OF_ACCOUNT, [accountId]);
  }

  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query('select from webhook where id = $1 for update', [id]);
  }

  async insert(tx: Tx, { id, accountId, url, events, secret }: NewWebhook): Promise<void> {
    await tx.query('insert into webhook (id, account_id, url, events, secret) values ($1, $2, $3, $4, $5)', [
      id,
      accountId,
      url,
      events,
      secret,
    ]);
  }

  async update(tx: Tx, id: string, url: string | null, events: WebhookEventType[] | null): Promise<void> {
    await tx.query('update webhook set url = coalesce($2, url), events = coalesce($3, events) where id = $1', [
      id,
      url,
      events,
    ]);
  }

  /** The secret of now signs besides the new one for a while; one that was still signing besides it ends. */
  async replaceSecret(tx: Tx, id: string, secret: Buffer, oldSignsForHours: number): Promise<void> {
    await tx.query(REPLACE_SECRET, [id, secret, oldSignsForHours]);
  }

  async stop(tx: Tx, id: string): Promise<void> {
    await tx.query(`update webhook set state = 'STOPPED', stop_reason = 'BY_HAND' where id = $1`, [id]);
  }

  async start(tx: Tx, id: string): Promise<void> {
    await tx.query(`update webhook set state = 'ACTIVE', stop_reason = null, failing_since = null where id = $1`, [id]);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.query('update webhook set deleted_at = now() where id = $1', [id]);
  }

  async recordAction(tx: Tx, { administratorId, accountId, webhookId, action, reason }: WebhookAction): Promise<void> {
    await tx.query(RECORD, [newId(), administratorId, accountId, webhookId, action, reason]);
  }
}

const COLUMNS = `
  id, account_id as "accountId", url, events, state, stop_reason as "stopReason", failing_since as "failingSince",
  created_at as "createdAt"`;

const OF_ACCOUNT = `
  select ${COLUMNS} from webhook where account_id = $1 and deleted_at is null order by created_at desc, id desc`;

const BY_ID = `
  select ${COLUMNS} from webhook where id = $1 and deleted_at is null and ($2::uuid is null or account_id = $2)`;

const DELETE_OF_ACCOUNT = `
  update webhook set deleted_at = now()
  where id = any(array(select id from webhook where account_id = $1 and deleted_at is null))`;

const REPLACE_SECRET = `
  update webhook set secret = $2, previous_secret = secret, previous_until = now() + $3 * interval '1 hour' where id = $1`;

const RECORD = `
  insert into webhook_action (id, administrator_id, account_id, webhook_id, action, reason)
  values ($1, $2, $3, $4, $5, $6)`;

const toWebhook = ({ events, state, stopReason, failingSince, createdAt, ...row }: WebhookRow): Webhook => ({
  ...row,
  events: events as WebhookEventType[],
  state: state as Webhook['state'],
  stopReason: stopReason as Webhook['stopReason'],
  failingSince: failingSince?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});
