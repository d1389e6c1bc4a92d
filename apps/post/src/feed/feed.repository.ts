import { Inject, Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import { Database } from '@fowergram/database';
import { type PostRow, selectPosts, toPost } from '../posts/post-rows.repository.js';

export interface Stretch {
  ids: string[];
  behind: Position;
  lowest: Position;
  limit: number;
}

@Injectable()
export class FeedRepository {
  constructor(@Inject(Database) private readonly db: Database) {}

  /** The places of the newest posts of these authors behind a position, newest first. */
  newest(authorIds: string[], behind: Position, limit: number): Promise<Position[]> {
    const perAuthor = Math.ceil((2 * limit) / Math.max(authorIds.length, 1));
    return this.db.query<Position>(NEWEST_OF_AUTHORS, [authorIds, behind.at, behind.id, limit, Math.min(perAuthor, limit)]);
  }

  /** Those of the posts that are not deleted, together with the viewer's own ones of the same stretch, newest first. */
  async hydrate(viewerId: string, { ids, behind, lowest, limit }: Stretch): Promise<Post[]> {
    const rows = await this.db.query<PostRow>(HYDRATE, [viewerId, ids, behind.at, behind.id, lowest.at, lowest.id, limit]);
    return rows.map(toPost);
  }
}

// The few newest of each author give a time at or below which the last row of the answer must lie; only what is newer is read
// then. So the work grows with authors + answer, not with authors × answer, and each author costs two short index scans.
const NEWEST_OF_AUTHORS = `
  with author as (
    select unnest($1::uuid[]) as id
  ), bound as (
    select p.created_at
    from author a cross join lateral (
      select created_at from post
      where author_id = a.id and deleted_at is null and (created_at, id) < ($2::timestamptz, $3::uuid)
      order by created_at desc, id desc limit $5
    ) p
    order by p.created_at desc offset $4::integer - 1 limit 1
  )
  select p.id, p.created_at as at
  from author a cross join lateral (
    select id, created_at from post
    where author_id = a.id and deleted_at is null and (created_at, id) < ($2::timestamptz, $3::uuid)
      and created_at >= coalesce((select created_at from bound), '-infinity')
    order by created_at desc, id desc limit $4::integer
  ) p
  order by p.created_at desc, p.id desc limit $4::integer`;

const HYDRATE = `${selectPosts(`(
    select * from (
      (select * from post where id = any($2::uuid[]) and deleted_at is null)
      union all
      (select * from post
        where author_id = $1 and deleted_at is null
          and (created_at, id) < ($3::timestamptz, $4::uuid) and (created_at, id) >= ($5::timestamptz, $6::uuid)
        order by created_at desc, id desc limit $7)
    ) stretch
    order by created_at desc, id desc limit $7
  ) p`)}
  order by p.created_at desc, p.id desc`;
