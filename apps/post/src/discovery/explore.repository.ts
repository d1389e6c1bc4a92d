import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { EXPLORE_DAYS } from '@fowergram/contracts-post';
import { Database, LOOKED_AT, Replicas } from '@fowergram/database';
import type { Place, Stretch } from './found-posts.service.js';
import { selectEnd, selectFound } from './listed-posts.rules.js';

@Injectable()
export class ExploreRepository {
  constructor(
    private readonly db: Database,
    private readonly replicas: Replicas,
  ) {}

  /** What the viewer finds in explore after a position, hottest first. */
  async stretch(viewerId: string | null, { at, id }: Position, limit: number): Promise<Stretch> {
    const places = await this.replicas.query<Place>(EXPLORE_PLACES, [viewerId, at, id, limit]);
    if (places.length === limit) return { places, next: places.at(-1) };
    return { places, next: (await this.replicas.query<Position>(END, [at, id]))[0] };
  }

  /** Whose a post is, shown or not. */
  async authorOf(postId: string): Promise<string | undefined> {
    return (await this.db.query<{ authorId: string }>(AUTHOR_OF, [postId]))[0]?.authorId;
  }
}

const SINCE = `now() - interval '${EXPLORE_DAYS} days'`;

// A post is never less hot than it is young, so the end of the range leaves out none of these days.
const candidates = (at: string, id: string): string => `
    select post_id as id, hot_at as at from listed_post
    where (hot_at, post_id) < (${at}::timestamptz, ${id}::uuid) and hot_at > ${SINCE}
    order by hot_at desc, post_id desc limit ${LOOKED_AT}`;

export const EXPLORE_PLACES = selectFound(
  candidates('$2', '$3'),
  `created_at > ${SINCE} and post.author_id is distinct from $1::uuid`,
);
const END = selectEnd(candidates('$1', '$2'));

const AUTHOR_OF = 'select author_id as "authorId" from post where id = $1';
