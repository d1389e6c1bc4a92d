import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import type { PostOrder } from '@fowergram/contracts-post';
import { LOOKED_AT, Replicas } from '@fowergram/database';
import type { Place, Stretch } from '../discovery/found-posts.service.js';
import { selectEnd, selectFound } from '../discovery/listed-posts.rules.js';

export interface HashtagList {
  viewerId: string | null;
  name: string;
  order: PostOrder;
}

@Injectable()
export class HashtagPostsRepository {
  constructor(private readonly replicas: Replicas) {}

  /** What the viewer finds with a hashtag after a position. */
  async stretch({ viewerId, name, order }: HashtagList, { at, id }: Position, limit: number): Promise<Stretch> {
    const places = await this.replicas.query<Place>(HASHTAG_PLACES[order], [viewerId, at, id, limit, name]);
    if (places.length === limit) return { places, next: places.at(-1) };
    return { places, next: (await this.replicas.query<Position>(END[order], [name, at, id]))[0] };
  }
}

const candidates = (column: string, name: string): string => `
    select post_id as id, ${column} as at from post_hashtag
    where hashtag = ${name} and (${column}, post_id) < ($2::timestamptz, $3::uuid)
    order by ${column} desc, post_id desc limit ${LOOKED_AT}`;

export const HASHTAG_PLACES: Record<PostOrder, string> = {
  RECENT: selectFound(candidates('created_at', '$5')),
  POPULAR: selectFound(candidates('hot_at', '$5')),
};

const END: Record<PostOrder, string> = {
  RECENT: selectEnd(candidates('created_at', '$1')),
  POPULAR: selectEnd(candidates('hot_at', '$1')),
};
