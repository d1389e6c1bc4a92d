import { Injectable } from '@nestjs/common';
import type { BioMentions, Mention } from '@fowergram/contracts-user';
import { Database, type Sql, type Tx } from '@fowergram/database';
import { IS_ACTIVE } from '../accounts/account-status.sql.js';
import { blocks } from '../relations/blocks.sql.js';

@Injectable()
export class MentionsRepository {
  constructor(private readonly db: Database) {}

  /** Whom these names, in lower case, name now: ACTIVE accounts that do not block the writer. */
  resolve(writerId: string, names: string[], sql: Sql = this.db): Promise<Mention[]> {
    return sql.query<Mention>(RESOLVE, [names, writerId]);
  }

  ofBios(userIds: string[]): Promise<BioMentions[]> {
    return this.db.query<BioMentions>(OF_BIOS, [userIds]);
  }

  /** Stores whom a bio mentions now; a name that is stored keeps its user. */
  async store(tx: Tx, userId: string, names: string[], mentions: Mention[]): Promise<void> {
    await tx.query(KEEP_ONLY, [userId, names]);
    if (mentions.length === 0) return;
    await tx.query(ADD, [userId, mentions.map(({ name }) => name), mentions.map((mention) => mention.userId)]);
  }
}

const RESOLVE = `
  select lower(p.username collate "C") as name, p.id as "userId" from profile p
  where lower(p.username collate "C") = any($1::text[]) and ${IS_ACTIVE} and not ${blocks('p.id', '$2::uuid')}`;

const OF_BIOS = `
  select user_id as "userId", json_agg(json_build_object('name', name, 'userId', mentioned_id)) as mentions
  from bio_mention where user_id = any($1::uuid[]) group by user_id`;

const KEEP_ONLY = `
  delete from bio_mention where user_id = $1
    and name = any(array(select name from bio_mention where user_id = $1 and name <> all($2::text[])))`;

// An account whose profile is being erased is mentioned no more: the lock waits for what its erasure decides.
const ADD = `
  insert into bio_mention (user_id, name, mentioned_id)
  select $1::uuid, given.name, p.id
  from (
    select id from profile where id = any($3::uuid[]) order by id for key share
  ) p join unnest($2::text[], $3::uuid[]) as given (name, mentioned_id) on given.mentioned_id = p.id
  on conflict do nothing`;
