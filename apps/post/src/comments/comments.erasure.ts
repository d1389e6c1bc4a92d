import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';
import { CommentsRepository } from './comments.repository.js';

/** Each takes up to three locks. */
const BATCH_SIZE = 100;
const OF_POSTS_BATCH_SIZE = 5_000;

/** Where a comment stands in its conversation. */
interface Place {
  id: string;
  parentId: string | null;
  topId: string | null;
}

interface Edge {
  commentId: string;
  postId: string;
  version: number;
}

/** Of a post that is gone there is no author, and no comment is shown. */
type ErasedComment =
  (Edge & { authorId: string; isShown: true }) | (Edge & { authorId: string | null; isShown: false });

/**
 * Deletes the comments of a user with their likes, counts them off the posts, and publishes those that others see. What others have
 * answered stands on its own from then on.
 */
@ErasureStep({ hangsOn: 'post' })
export class CommentsErasure implements ErasesUser {
  constructor(
    private readonly repository: CommentsRepository,
    private readonly outbox: Outbox,
  ) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const at = new Date().toISOString();
    const batch = await tx.query<Place>(BATCH, [userId, sizeOf(BATCH_SIZE)]);
    if (batch.length === 0) return false;
    const ids = batch.map(({ id }) => id);
    const around = batch.flatMap(({ parentId, topId }) => [parentId, topId]).filter((id) => id !== null);
    await this.repository.lock(tx, [...ids, ...around]);
    if ((await tx.query(SET_FREE, [ids, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0) return true;
    const comments = await tx.query<ErasedComment>(ERASE, [ids]);
    await this.repository.removePlaceholders(tx, around);
    const shown = comments.filter((comment) => comment.isShown);
    await this.outbox.addAll(
      tx,
      shown.map(({ commentId, postId, authorId, version }) =>
        eventRow(postEvent.commentDeleted, { commentId, postId, authorId, version, commenterId: userId, at }),
      ),
    );
    return comments.length > 0;
  }

  /** Deletes comments of deleted posts, whose deletion was published and counts for all of them. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 as held from comment where author_id = $1 limit 1', [userId])).length > 0;
  }
}

const BATCH = 'select id, parent_id as "parentId", top_id as "topId" from comment where author_id = $1 limit $2';

// What a deleted comment hung under says nothing any more, and nobody sees it.
const SET_FREE = `
  with likes as (
    delete from comment_like where ctid = any(array(select ctid from comment_like where comment_id = any($1::uuid[]) limit $2))
    returning 1 as done
  ), replies as (
    update comment set parent_id = null, top_id = null where id = any(array(
      select id from comment where top_id = any($1::uuid[]) and (deleted_at is null or placeholder) limit $2
    )) returning 1 as done
  ), answers as (
    update comment set parent_id = top_id where id = any(array(
      select id from comment where parent_id = any($1::uuid[]) and deleted_at is null and top_id <> all($1::uuid[]) limit $2
    )) returning 1 as done
  )
  select done from likes union all select done from replies union all select done from answers`;

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE = `
  with gone as (
    delete from comment where id = any(array(select id from comment where id = any($1::uuid[]) for update skip locked))
    returning id, post_id, deleted_at, top_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, -count(*) from gone where deleted_at is null group by post_id
  ), counted_replies as (
    insert into comment_counter_delta (comment_id, likes, replies)
    select top_id, 0, -count(*) from gone where deleted_at is null and top_id is not null group by top_id
  ), unpinned as (
    update post set pinned_comment_id = null where id = any(array(select post_id from gone)) and pinned_comment_id = any($1::uuid[])
  )
  select g.id as "commentId", g.post_id as "postId", p.author_id as "authorId", nextval('edge_version') as version,
    g.deleted_at is null and p.id is not null and p.deleted_at is null as "isShown"
  from gone g left join post p on p.id = g.post_id`;

const ERASE_OF_POSTS = `
  delete from comment where id = any(array(
    select id from comment where post_id = any($1::uuid[]) and deleted_at is null
    union all
    select id from comment where post_id = any($1::uuid[]) and deleted_at is not null
    limit $2
  )) returning 1 as gone`;
