import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { DELIVERY_KEPT_DAYS, type WebhookDelivery } from '@fowergram/contracts-notification';
import { Database, type Tx } from '@fowergram/database';

export interface DeliveryRow {
  id: string;
  eventId: string;
  event: string;
  state: string;
  tries: number;
  createdAt: Date;
  nextTryAt: Date | null;
  lastStatus: number | null;
  lastFailure: string | null;
  lastDurationMs: number | null;
  lastAnswer: string | null;
}

const BATCH_SIZE = 1_000;

/** The ledger of what webhooks were notified of. */
@Injectable()
export class WebhookLedgerRepository {
  constructor(private readonly db: Database) {}

  newest(webhookId: string, after: Position, limit: number): Promise<DeliveryRow[]> {
    return this.db.query<DeliveryRow>(NEWEST, [webhookId, after.at, after.id, limit]);
  }

  /** Lets one delivery be sent again as if for the first time; false when there is no such one. */
  async replayOne(tx: Tx, webhookId: string, id: string): Promise<boolean> {
    return (await tx.query(REPLAY_ONE, [webhookId, id])).length > 0;
  }

  /** The same for those that were written since a time and do not wait, up to a number; answers how many. */
  async replaySince(tx: Tx, webhookId: string, since: string, limit: number): Promise<number> {
    return (await tx.query(REPLAY_SINCE, [webhookId, since, limit])).length;
  }

  /** Removes what is older than the ledger keeps, and what is left of deleted webhooks, batch by batch. */
  async purge(signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted && (await this.db.query(PURGE_OLD, [BATCH_SIZE])).length === BATCH_SIZE);
    while (!signal?.aborted && (await this.db.query(PURGE_OF_DELETED, [BATCH_SIZE])).length === BATCH_SIZE);
    if (!signal?.aborted) await this.db.query(PURGE_DELETED);
  }
}

const NEWEST = `
  select id, event_id as "eventId", event, state, tries, created_at as "createdAt", due_at as "nextTryAt",
    last_status as "lastStatus", last_failure as "lastFailure", last_duration_ms as "lastDurationMs", last_answer as "lastAnswer"
  from webhook_delivery where webhook_id = $1 and (created_at, id) < ($2, $3)
  order by created_at desc, id desc limit $4`;

const AGAIN = `state = 'WAITING', tries = 0, due_at = now()`;

const REPLAY_ONE = `update webhook_delivery set ${AGAIN} where webhook_id = $1 and id = $2 returning 1 as again`;

const REPLAY_SINCE = `
  update webhook_delivery set ${AGAIN}
  where id = any(array(
    select id from webhook_delivery where webhook_id = $1 and created_at >= $2 and state <> 'WAITING'
    order by created_at, id limit $3
  ))
  returning 1 as again`;

const PURGE_OLD = `
  delete from webhook_delivery where id = any(array(
    select id from webhook_delivery where created_at < now() - interval '${DELIVERY_KEPT_DAYS} days' limit $1 for update skip locked
  ))
  returning 1 as gone`;

const PURGE_OF_DELETED = `
  delete from webhook_delivery where id = any(array(
    select d.id from webhook w cross join lateral (
      select id from webhook_delivery where webhook_id = w.id limit $1
    ) d
    where w.deleted_at is not null limit $1
  ))
  returning 1 as gone`;

const PURGE_DELETED = `
  delete from webhook where id = any(array(
    select w.id from webhook w
    where w.deleted_at is not null and not exists (select from webhook_delivery d where d.webhook_id = w.id)
  ))`;

/** A row as the contract has it. */
export const toDelivery = ({ createdAt, nextTryAt, ...row }: DeliveryRow): WebhookDelivery =>
  ({ ...row, createdAt: createdAt.toISOString(), nextTryAt: nextTryAt?.toISOString() ?? null }) as WebhookDelivery;
