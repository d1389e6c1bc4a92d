import { Injectable } from '@nestjs/common';
import type { MailContent } from '@fowergram/contracts-notification';
import { Database, one } from '@fowergram/database';
import type { Template } from './mail.rules.js';

/** A mail that this process is to send now, and which try that is. */
export interface ClaimedMail {
  id: string;
  recipient: string;
  content: MailContent;
  tries: number;
}

/** A mail that waits, without what its recipient may be known by. */
export interface WaitingMailRow {
  id: string;
  template: Template;
  tries: number;
  createdAt: Date;
  dueAt: Date;
}

export type Outcome = 'SENT' | 'REFUSED' | 'EXPIRED';

/** Longer than a try may take: a mail is due again only when whoever had it is gone. */
const LEASE = `interval '60 seconds'`;
const RETENTION = `interval '30 days'`;
const BATCH_SIZE = 1_000;

@Injectable()
export class MailsRepository {
  constructor(private readonly db: Database) {}

  /** Stores a mail; one with an id that is known is the same mail. */
  async insert(id: string, recipient: string, { template, values }: MailContent, usefulForMs: number): Promise<void> {
    await this.db.query(INSERT, [id, template, recipient, JSON.stringify(values), usefulForMs]);
  }

  /** Takes mails that are due, so that nobody else takes them while they are being sent. */
  claim(limit: number): Promise<ClaimedMail[]> {
    return this.db.query<ClaimedMail>(CLAIM, [limit]);
  }

  /** Ends a mail, unless it has ended already, and clears what it said and to whom. */
  async end(id: string, outcome: Outcome): Promise<void> {
    await this.db.query(`update mail set outcome = $2, ${CLEARED} where id = $1 and outcome is null`, [id, outcome]);
  }

  /** Lets a mail wait, unless somebody else has taken it meanwhile. */
  async postpone({ id, tries }: ClaimedMail, delayMs: number): Promise<void> {
    await this.db.query(POSTPONE, [id, tries, delayMs]);
  }

  /** Ends what is no longer worth sending; answers the templates of what it ended. */
  async expire(): Promise<Template[]> {
    const rows = await this.db.query<{ template: Template }>(EXPIRE, [BATCH_SIZE]);
    return rows.map(({ template }) => template);
  }

  /** Those that have waited longest. */
  waiting(limit: number): Promise<WaitingMailRow[]> {
    return this.db.query<WaitingMailRow>(WAITING, [limit]);
  }

  async countWaiting(): Promise<number> {
    return one(await this.db.query<{ count: number }>(COUNT_WAITING)).count;
  }

  /** Makes a waiting mail due within a minute; false when it does not wait. */
  async hurry(id: string): Promise<boolean> {
    return (await this.db.query(HURRY, [id])).length > 0;
  }

  async oldestUnsentSeconds(): Promise<number> {
    const { age } = one(
      await this.db.query<{ age: number | null }>(
        'select extract(epoch from now() - min(created_at))::float8 as age from mail where outcome is null',
      ),
    );
    return age ?? 0;
  }

  /** Purges what ended long ago, batch by batch until nothing of it is left. */
  async purge(): Promise<void> {
    while ((await this.db.query(PURGE, [BATCH_SIZE])).length === BATCH_SIZE);
  }
}

const CLEARED = 'recipient = null, content = null, due_at = null, ended_at = now()';

const INSERT = `
  insert into mail (id, template, recipient, content, useful_until, due_at)
  values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond', now())
  on conflict do nothing`;

const CLAIM = `
  with due as (
    select id from mail where outcome is null and due_at <= now() and useful_until > now() order by due_at limit $1 for update skip locked
  )
  update mail set tries = tries + 1, due_at = now() + ${LEASE} where id = any(array(select id from due))
  returning id, recipient, jsonb_build_object('template', template, 'values', content) as content, tries`;

// Due at its end at the latest, to be marked as expired.
const POSTPONE = `
  update mail set due_at = least(now() + $3 * interval '1 millisecond', useful_until) where id = $1 and tries = $2 and outcome is null`;

const COUNT_WAITING = `
  select count(*)::int as count from (select from mail where outcome is null order by created_at limit 10000) waiting`;

const WAITING = `
  select id, template, tries, created_at as "createdAt", coalesce(due_at, created_at) as "dueAt" from mail
  where outcome is null order by created_at limit $1`;

// Whoever sends it now has ended by then.
const HURRY = `
  update mail set due_at = least(now() + ${LEASE}, due_at) where id = $1 and outcome is null returning 1 as found`;

const PURGE = `
  delete from mail where id = any(array(
    select id from mail where outcome is not null and created_at < now() - ${RETENTION} limit $1 for update skip locked
  ))
  returning 1 as gone`;

const EXPIRE = `
  with late as (
    select id from mail where outcome is null and due_at <= now() and useful_until <= now() limit $1 for update skip locked
  )
  update mail set outcome = 'EXPIRED', ${CLEARED} where id = any(array(select id from late)) returning template`;
