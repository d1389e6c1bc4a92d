import { Injectable } from '@nestjs/common';
import type { WebhookStopReason } from '@fowergram/contracts-notification';
import { Database, one } from '@fowergram/database';
import { CALL_DEADLINE_MS, type CallOutcome } from './webhook.client.js';
import { MAX_IN_FLIGHT_OF_WEBHOOK, MAX_WAITING, STOP_AFTER_DAYS } from './webhook-delivery.rules.js';

/** A delivery that this process is to try now, and which try that is. */
export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  eventId: string;
  event: string;
  payload: unknown;
  happenedAt: Date;
  tries: number;
}

/** Where to send it, with encrypted secrets. */
export interface Target {
  id: string;
  url: string;
  secret: Buffer;
  /** Null when no other one signs any more. */
  previousSecret: Buffer | null;
  isFailing: boolean;
}

/** Longer than a try may take: a delivery is due again only when whoever had it is gone. */
const LEASE = `interval '${CALL_DEADLINE_MS * 3} milliseconds'`;

@Injectable()
export class WebhookDeliveriesRepository {
  constructor(private readonly db: Database) {}

  /** Takes what is due, of each webhook as much as it has room for; `busy` is what this process sends to each already. */
  claim(limit: number, busy: ReadonlyMap<string, number>): Promise<ClaimedDelivery[]> {
    const values = [limit, MAX_IN_FLIGHT_OF_WEBHOOK, [...busy.keys()], [...busy.values()]];
    return this.db.query<ClaimedDelivery>(CLAIM, values);
  }

  async targets(webhookIds: string[]): Promise<Map<string, Target>> {
    const rows = await this.db.query<Target>(TARGETS, [webhookIds]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Ends a delivery, or with a pause lets it wait, unless somebody else has taken it meanwhile. */
  async note(
    { id, tries }: ClaimedDelivery,
    outcome: CallOutcome,
    next: { state: 'DELIVERED' | 'FAILED' } | { pauseMs: number },
  ): Promise<void> {
    const [state, pauseMs] = 'state' in next ? [next.state, null] : ['WAITING', next.pauseMs];
    const { status, failure, durationMs, answer } = outcome;
    await this.db.query(NOTE, [id, tries, state, pauseMs, status, failure, durationMs, answer]);
  }

  /** Gives back what was taken and not tried. */
  async release({ id, tries }: ClaimedDelivery): Promise<void> {
    await this.db.query(RELEASE, [id, tries]);
  }

  async noteSuccess(webhookId: string): Promise<void> {
    await this.db.query('update webhook set failing_since = null where id = $1 and failing_since is not null', [
      webhookId,
    ]);
  }

  /** Notes since when a webhook fails, and stops it where that is too long ago; true when it was stopped now. */
  async noteFailure(webhookId: string): Promise<boolean> {
    await this.db.query('update webhook set failing_since = now() where id = $1 and failing_since is null', [
      webhookId,
    ]);
    return (await this.db.query(STOP_FAILING, [webhookId])).length > 0;
  }

  /** True when it was not stopped already. */
  async stop(webhookId: string, reason: WebhookStopReason): Promise<boolean> {
    return (await this.db.query(STOP, [webhookId, reason])).length > 0;
  }

  /** Stops what more waits for than may, and answers how many these were. */
  async stopOverfull(): Promise<number> {
    return (await this.db.query(STOP_OVERFULL, [MAX_WAITING])).length;
  }

  /** How late we are with webhooks that take what they are sent. */
  async oldestDueSeconds(): Promise<number> {
    return one(await this.db.query<{ age: number | null }>(OLDEST_DUE)).age ?? 0;
  }
}

const CLAIM = `
  with room as (
    select w.id, (case when w.failing_since is null then $2::int else 1 end) - coalesce(b.count, 0) as free
    from webhook w left join unnest($3::uuid[], $4::int[]) as b (id, count) on b.id = w.id
    where w.state = 'ACTIVE' and w.deleted_at is null
  ), due as (
    select next.id from room cross join lateral (
      select id, due_at from webhook_delivery
      where webhook_id = room.id and state = 'WAITING' and due_at <= now()
      order by due_at limit greatest(room.free, 0) for update skip locked
    ) next
    order by next.due_at limit $1
  )
  update webhook_delivery set tries = tries + 1, due_at = now() + ${LEASE} where id = any(array(select id from due))
  returning id, webhook_id as "webhookId", event_id as "eventId", event, payload, happened_at as "happenedAt", tries`;

const TARGETS = `
  select id, url, secret, case when previous_until > now() then previous_secret end as "previousSecret",
    failing_since is not null as "isFailing"
  from webhook where id = any($1::uuid[]) and deleted_at is null`;

const NOTE = `
  update webhook_delivery
  set state = $3, due_at = case when $3 = 'WAITING' then now() + $4::float8 * interval '1 millisecond' end,
    last_status = $5, last_failure = $6, last_duration_ms = $7, last_answer = $8
  where id = $1 and tries = $2 and state = 'WAITING'`;

const RELEASE = `
  update webhook_delivery set tries = tries - 1, due_at = now() where id = $1 and tries = $2 and state = 'WAITING'`;

const STOP = `
  update webhook set state = 'STOPPED', stop_reason = $2 where id = $1 and state = 'ACTIVE' returning 1 as stopped`;

const STOP_FAILING = `
  update webhook set state = 'STOPPED', stop_reason = 'FAILING'
  where id = $1 and state = 'ACTIVE' and failing_since < now() - interval '${STOP_AFTER_DAYS} days' returning 1 as stopped`;

const STOP_OVERFULL = `
  update webhook set state = 'STOPPED', stop_reason = 'BACKLOG'
  where id = any(array(
    select w.id from webhook w
    where w.state = 'ACTIVE' and w.deleted_at is null and (
      select count(*) from (select 1 as waits from webhook_delivery where webhook_id = w.id and state = 'WAITING' limit $1) waiting
    ) >= $1
  ))
  returning 1 as stopped`;

const OLDEST_DUE = `
  select max(extract(epoch from now() - next.due_at))::float8 as age
  from webhook w cross join lateral (
    select due_at from webhook_delivery where webhook_id = w.id and state = 'WAITING' order by due_at limit 1
  ) next
  where w.state = 'ACTIVE' and w.deleted_at is null and w.failing_since is null and next.due_at <= now()`;
