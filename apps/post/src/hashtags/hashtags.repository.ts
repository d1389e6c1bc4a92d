import { Injectable } from '@nestjs/common';
import type { Hashtag } from '@fowergram/contracts-post';
import { Database, one, type Sql, type Tx } from '@fowergram/database';

@Injectable()
export class HashtagsRepository {
  constructor(private readonly db: Database) {}

  /** The hashtags of these names as the viewer sees them, used or not. */
  byNames(sql: Sql, names: string[], viewerId: string | null): Promise<Hashtag[]> {
    return sql.query<Hashtag>(BY_NAMES, [names, viewerId]);
  }

  /** Makes every change of what this user follows wait for its turn until the transaction ends; false when the user may not write. */
  async lock(tx: Tx, userId: string): Promise<boolean> {
    return one(await tx.query<{ mayWrite: boolean }>(LOCK, [userId])).mayWrite;
  }

  /** How many hashtags the user follows from now on. */
  async follow(tx: Tx, userId: string, name: string): Promise<number> {
    await tx.query(FOLLOW, [userId, name, new Date()]);
    return one(await tx.query<{ count: number }>(COUNT, [userId])).count;
  }

  async unfollow(tx: Tx, userId: string, name: string): Promise<void> {
    await tx.query('delete from hashtag_follow where user_id = $1 and hashtag = $2', [userId, name]);
  }

  /** The names of those that the user follows, latest first. */
  async followed(userId: string): Promise<string[]> {
    return (await this.db.query<{ hashtag: string }>(FOLLOWED, [userId])).map(({ hashtag }) => hashtag);
  }
}

const BY_NAMES = `
  select t.name, (coalesce(c.post_count, 0) + d.posts)::integer as "postCount",
    exists (select from hashtag_follow where user_id = $2::uuid and hashtag = t.name) as "viewerFollows"
  from unnest($1::text[]) as t (name)
  left join hashtag_counter c on c.hashtag = t.name
  cross join lateral (select coalesce(sum(posts), 0) as posts from hashtag_counter_delta where hashtag = t.name) d`;

const LOCK = `select pg_advisory_xact_lock(hashtextextended('hashtag-follows:' || $1, 0)), may_write($1::uuid) as "mayWrite"`;

const FOLLOW = `
  insert into hashtag_follow (user_id, hashtag, created_at) values ($1, $2, $3) on conflict (user_id, hashtag) do nothing`;

const COUNT = 'select count(*)::integer as count from hashtag_follow where user_id = $1';

const FOLLOWED = 'select hashtag from hashtag_follow where user_id = $1 order by created_at desc, hashtag limit 1000';
