import { Injectable } from '@nestjs/common';
import { type PublishProblem } from '@fowergram/contracts-post';
import { Database, one, type Tx } from '@fowergram/database';

/** A scheduled post whose time has come. */
export interface DuePost {
  id: string;
  authorId: string;
  claimId: string;
  mediaIds: string[];
  publishAt: Date;
  awaitsMedia: boolean;
  version: number;
}

export interface PublishedPost {
  id: string;
  authorId: string;
  caption: string;
}

/** Who holds a due post: when it has not published it by then, another one may. With two polls a post of a killed process is not late. */
export const LEASE_SECONDS = 2;

@Injectable()
export class DuePostsRepository {
  constructor(private readonly db: Database) {}

  /** Takes posts that are due, which no other replica takes at the same time. */
  async take(limit: number): Promise<DuePost[]> {
    return this.db.query<DuePost>(TAKE, [limit, LEASE_SECONDS]);
  }

  /** How late the post is that should have gone out first; 0 when none is late. Posts whose media are still processed are not. */
  async oldestOverdueSeconds(): Promise<number> {
    return one(await this.db.query<{ seconds: number }>(OLDEST_OVERDUE, [LEASE_SECONDS])).seconds;
  }

  /** Makes changes by the authors wait, and answers those of the posts whose author may still write. */
  async lock(tx: Tx, posts: DuePost[]): Promise<string[]> {
    const given = [posts.map(({ id }) => id), posts.map(({ authorId }) => authorId)];
    const rows = await tx.query<{ id: string; mayWrite: boolean }>(LOCK, given);
    return rows.filter(({ mayWrite }) => mayWrite).map(({ id }) => id);
  }

  /** Publishes those of the locked posts that are due, counts them, and answers which they were. */
  async publish(tx: Tx, ids: string[], at: Date): Promise<PublishedPost[]> {
    return tx.query<PublishedPost>(PUBLISH, [ids, at]);
  }

  /** The post waits on, for as long as its media are processed. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.db.query(POSTPONE, [id, seconds]);
  }

  /** All media of this version of the post are READY. */
  async setReady({ id, version }: DuePost): Promise<void> {
    await this.db.query('update post set awaits_media = false where id = $1 and version = $2', [id, version]);
  }

  /** The post is a draft again, whose author reads why; nothing changes when it was changed meanwhile. */
  async takeBack({ id, version }: DuePost, problem: PublishProblem): Promise<void> {
    await this.db.query(TAKE_BACK, [id, problem, version]);
  }
}

const TAKE = `
  update post set due_at = now() + make_interval(secs => $2::integer)
  where id = any(array(
    select id from post where state = 'SCHEDULED' and due_at <= now() order by due_at limit $1 for update skip locked
  ))
  returning id, author_id as "authorId", claim_id as "claimId", media_ids as "mediaIds", publish_at as "publishAt",
    awaits_media as "awaitsMedia", version`;

// A post that somebody holds is due again when the lease ends: there are no others to look through.
const OLDEST_OVERDUE = `
  select coalesce(extract(epoch from now() - min(publish_at)), 0)::float8 as seconds from post
  where state = 'SCHEDULED' and due_at <= now() + make_interval(secs => $1::integer) and publish_at <= now() and not awaits_media`;

// In the order of the keys, as every statement locks several posts.
const LOCK = `
  select id, pg_advisory_xact_lock(key), may_write(author_id) as "mayWrite"
  from (
    select id, author_id, hashtextextended('post:' || id, 0) as key from unnest($1::uuid[], $2::uuid[]) as due (id, author_id) order by key
  ) keys`;

const PUBLISH = `
  with published as (
    update post set state = 'PUBLISHED', created_at = $2, publish_at = null, due_at = null, version = version + 1
    where id = any($1::uuid[]) and state = 'SCHEDULED' and publish_at <= now() and not awaits_media
    returning id, author_id, caption
  ), counted as (
    insert into author_counter_delta (author_id, posts) select author_id, 1 from published
  )
  select id, author_id as "authorId", caption from published`;

const POSTPONE = `
  update post set due_at = now() + make_interval(secs => $2::integer) where id = $1 and state = 'SCHEDULED' and awaits_media`;

const TAKE_BACK = `
  update post set state = 'DRAFT', publish_problem = $2, publish_at = null, due_at = null, awaits_media = false, version = version + 1
  where id = $1 and state = 'SCHEDULED' and version = $3`;
