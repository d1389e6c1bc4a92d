import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { ErasureStep, ErasureSteps, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';
import { isPublished } from './visible-posts.rules.js';

const BATCH_SIZE = 20;

/** First, since the deletion of a post counts for all that hangs on it: likes and comments are not published one by one. */
@ErasureStep({ order: -1 })
export class PostsErasure implements ErasesUser {
  constructor(
    private readonly outbox: Outbox,
    private readonly steps: ErasureSteps,
  ) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await this.deletePosts(tx, userId, sizeOf)) || this.removePosts(tx, userId, sizeOf);
  }

  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await this.deletedOf(tx, userId, 1)).length > 0 || (await this.notDeletedOf(tx, userId, 1)).length > 0;
  }

  /** Deletes posts as their author would: likes and comments that are under way are waited for, and later ones find no post. */
  async deletePosts(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const ids = await this.notDeletedOf(tx, userId, sizeOf(BATCH_SIZE));
    if (ids.length === 0) return false;
    await tx.query(LOCK, [ids]);
    await tx.query(DELETE, [ids, new Date()]);
    await this.outbox.addAll(
      tx,
      ids.map((postId) => eventRow(postEvent.deleted, { postId, authorId: userId })),
    );
    return true;
  }

  /** Removes deleted posts with everything that hangs on them. */
  async removePosts(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const ids = await this.deletedOf(tx, userId, sizeOf(BATCH_SIZE));
    if (ids.length === 0) return false;
    if (!(await this.steps.eraseOf(tx, 'post', ids, sizeOf)))
      await tx.query('delete from post where id = any($1::uuid[])', [ids]);
    return true;
  }

  private async notDeletedOf(tx: Tx, userId: string, limit: number): Promise<string[]> {
    return (await tx.query<{ id: string }>(NOT_DELETED, [userId, limit])).map(({ id }) => id);
  }

  private async deletedOf(tx: Tx, userId: string, limit: number): Promise<string[]> {
    return (await tx.query<{ id: string }>(DELETED, [userId, limit])).map(({ id }) => id);
  }
}

const NOT_DELETED = `
  select id from (
    (select id from post where author_id = $1 and ${isPublished('post')} limit $2)
    union all
    (select id from post where author_id = $1 and state in ('DRAFT', 'SCHEDULED', 'ARCHIVED') limit $2)
  ) found limit $2`;

const DELETED = "select id from post where author_id = $1 and state = 'DELETED' limit $2";

// What passed on a post of somebody is counted off there.
const DELETE = `
  with gone as (
    update post set state = 'DELETED', deleted_at = $2 where id = any($1::uuid[]) returning repost_of
  )
  insert into post_counter_delta (post_id, reposts) select repost_of, -1 from gone where repost_of is not null`;

const LOCK = `
  select pg_advisory_xact_lock(key)
  from (select distinct hashtextextended('post:' || id, 0) as key from unnest($1::text[]) id order by key) keys`;
