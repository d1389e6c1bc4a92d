import { Injectable } from '@nestjs/common';
import type { WebhookEventType } from '@fowergram/contracts-notification';
import { Database, newId, type Tx } from '@fowergram/database';
import type { LogRange } from '@fowergram/messaging';
import { TELLS_OF_DELETION, type ReportedEvent } from './reported-events.rules.js';

/** Up to where the log is read. */
export interface LogPosition {
  madeAt: Date;
  sequence: number;
}

export interface Subscriber {
  id: string;
  events: WebhookEventType[];
}

@Injectable()
export class WebhookEventsRepository {
  constructor(private readonly db: Database) {}

  async position(): Promise<LogPosition | undefined> {
    const rows = await this.db.query<LogPosition>(
      'select log_made_at as "madeAt", sequence from webhook_position where one',
    );
    return rows[0];
  }

  /** Begins to read at the end of the log, unless somebody has begun. */
  async begin({ madeAt, last }: LogRange): Promise<void> {
    await this.db.query('insert into webhook_position (log_made_at, sequence) values ($1, $2) on conflict do nothing', [
      madeAt,
      last,
    ]);
  }

  /** Goes on, unless another replica has; the row is locked until the end of the transaction. */
  async advance(tx: Tx, from: LogPosition, to: LogPosition): Promise<boolean> {
    const values = [from.madeAt, from.sequence, to.madeAt, to.sequence];
    return (await tx.query(ADVANCE, values)).length > 0;
  }

  /** Those that want to be notified of something. */
  async subscribers(): Promise<Subscriber[]> {
    const rows = await this.db.query<{ id: string; events: string[] }>(SUBSCRIBERS);
    return rows as Subscriber[];
  }

  /** Writes down who is to be notified of what, once for each event; what names an erased user is left out, but for what has others delete it. */
  async insert(tx: Tx, pairs: { webhookId: string; event: ReportedEvent }[]): Promise<void> {
    const erased = await this.erasedOf(tx, [...new Set(pairs.flatMap(({ event }) => event.userIds))]);
    const reported = pairs.filter(
      ({ event }) => TELLS_OF_DELETION.includes(event.event) || !event.userIds.some((id) => erased.has(id)),
    );
    if (reported.length > 0) await tx.query(INSERT, [JSON.stringify(reported.map(toRow))]);
  }

  private async erasedOf(tx: Tx, userIds: string[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      'select user_id as id from erased_user where user_id = any($1::uuid[])',
      [userIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}

const toRow = ({ webhookId, event }: { webhookId: string; event: ReportedEvent }) => ({
  id: newId(),
  webhook_id: webhookId,
  event_id: event.id,
  event: event.event,
  payload: event.data,
  user_ids: event.userIds,
  happened_at: event.happenedAt,
});

const ADVANCE = `
  update webhook_position set log_made_at = $3, sequence = $4
  where one and log_made_at = $1 and sequence = $2 returning 1 as advanced`;

const SUBSCRIBERS = `select id, events from webhook where state = 'ACTIVE' and deleted_at is null`;

const INSERT = `
  insert into webhook_delivery (id, webhook_id, event_id, event, payload, user_ids, happened_at, due_at)
  select id, webhook_id, event_id, event, payload, user_ids, happened_at, now()
  from jsonb_to_recordset($1::jsonb) as reported(
    id uuid, webhook_id uuid, event_id text, event text, payload jsonb, user_ids uuid[], happened_at timestamptz
  )
  on conflict do nothing`;
