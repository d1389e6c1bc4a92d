import { Injectable } from '@nestjs/common';
import { MAX_TRENDING_HASHTAGS } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';
import { isEverybodys } from '@fowergram/visibility';

/** So many of the newest uses are looked at, in an index that has all that is asked of them. */
const LOOKED_AT = 40_000;
const DAYS = 3;
const HALF_LIFE_SECONDS = 12 * 60 * 60;
/** One account alone is no trend. */
const MIN_AUTHORS = 2;
/** More than are asked for, since viewers do not see those that they have muted. */
const RANKED = 2 * MAX_TRENDING_HASHTAGS;

@Injectable()
export class TrendingRepository {
  constructor(private readonly db: Database) {}

  async ranked(): Promise<string[]> {
    return (await this.db.query<{ hashtag: string }>(READ)).map(({ hashtag }) => hashtag);
  }

  /** False while another replica ranks. */
  async lock(tx: Tx): Promise<boolean> {
    return one(await tx.query<{ mine: boolean }>(LOCK)).mine;
  }

  async rank(tx: Tx): Promise<void> {
    await tx.query('delete from trending_hashtag');
    await tx.query(RANK);
  }
}

const READ = `select hashtag from trending_hashtag order by score desc, hashtag limit ${RANKED}`;

const LOCK = "select pg_try_advisory_xact_lock(hashtext('rank trending hashtags')) as mine";

const RANK = `
  with recent as (
    select hashtag, author_id, created_at from post_hashtag
    where counted and created_at > now() - interval '${DAYS} days'
    order by created_at desc, hashtag, author_id limit ${LOOKED_AT}
  ), used as (
    select r.hashtag, r.author_id, max(r.created_at) as at from recent r
    where ${isEverybodys('r.author_id')}
    group by r.hashtag, r.author_id
  )
  insert into trending_hashtag (hashtag, score)
  select hashtag, sum(power(0.5, greatest(date_part('epoch', now() - at), 0) / ${HALF_LIFE_SECONDS})) as score
  from used group by hashtag having count(*) >= ${MIN_AUTHORS}
  order by score desc, hashtag limit ${RANKED}`;
