import { Injectable } from '@nestjs/common';
import type { PostState, PublishProblem } from '@fowergram/contracts-post';
import { one, type Tx } from '@fowergram/database';
import type { OwnPost } from './own-posts.repository.js';

/** What a post is from now on; a time that is left out is none. */
export interface NextState {
  state: PostState;
  /** The time of its publication, by which lists are ordered; stays when it is left out. */
  createdAt?: Date;
  publishAt?: Date;
  awaitsMedia?: boolean;
  deletedAt?: Date;
  deletedFrom?: PostState;
  problem?: PublishProblem;
}

@Injectable()
export class TransitionsRepository {
  /** Changes the state of a locked post, counts it where it is PUBLISHED from now on or no more, and answers its new version. */
  async setState(tx: Tx, post: OwnPost, next: NextState): Promise<number> {
    const values = [
      post.id,
      next.state,
      next.createdAt ?? null,
      next.publishAt ?? null,
      next.awaitsMedia ?? false,
      next.deletedAt ?? null,
      next.deletedFrom ?? null,
      next.problem ?? null,
      Number(next.state === 'PUBLISHED') - Number(post.state === 'PUBLISHED'),
    ];
    return one(await tx.query<{ version: number }>(SET_STATE, values)).version;
  }
}

const SET_STATE = `
  with changed as (
    update post set state = $2, created_at = coalesce($3, created_at), publish_at = $4, due_at = $4, awaits_media = $5, deleted_at = $6,
      deleted_from = $7, publish_problem = $8, pinned_at = null, version = version + 1
    where id = $1 returning author_id, version
  ), counted as (
    insert into author_counter_delta (author_id, posts) select author_id, $9::integer from changed where $9::integer <> 0
  )
  select version from changed`;
