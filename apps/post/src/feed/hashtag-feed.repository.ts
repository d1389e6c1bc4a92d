import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { Database, LOOKED_AT } from '@fowergram/database';
import { selectIfFound } from '../discovery/listed-posts.rules.js';
import { type PostRow, selectPosts } from '../posts/post-rows.repository.js';
import { entryOfRow, type FeedEntry } from './feed.repository.js';

/** The posts of the hashtags that a viewer follows. They are never cached: whatever changes in them, a feed has what is there now. */
@Injectable()
export class HashtagFeedRepository {
  constructor(private readonly db: Database) {}

  /** Those of others that are shown between two positions, newest first. */
  async between(viewerId: string, after: Position, lowest: Position, limit: number): Promise<FeedEntry[]> {
    const rows = await this.db.query<PostRow>(HASHTAGS_BETWEEN, [
      viewerId,
      after.at,
      after.id,
      lowest.at,
      lowest.id,
      limit,
    ]);
    return rows.map(entryOfRow);
  }
}

// A post with several of the hashtags comes once.
export const HASHTAGS_BETWEEN = `${selectPosts(`(
    select post.* from (
      select h.id, h.at
      from hashtag_follow f cross join lateral (
        select c.id, c.at from (
          select post_id as id, created_at as at from post_hashtag
          where hashtag = f.hashtag and author_id <> $1
            and (created_at, post_id) < ($2::timestamptz, $3::uuid) and (created_at, post_id) >= ($4::timestamptz, $5::uuid)
          order by created_at desc, post_id desc limit ${LOOKED_AT}
        ) c cross join lateral (${selectIfFound('$1', 'c.id')}) shown
        order by c.at desc, c.id desc limit $6
      ) h
      where f.user_id = $1
      group by h.id, h.at
      order by h.at desc, h.id desc limit $6
    ) found cross join lateral (select * from post where id = found.id limit 1) post
  ) p`)}
  order by p.created_at desc, p.id desc`;
