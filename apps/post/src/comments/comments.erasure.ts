import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

interface Edge {
  commentId: string;
  postId: string;
  version: number;
}

/** Of a post that is gone there is no author, and no comment is shown. */
type ErasedComment =
  (Edge & { authorId: string; isShown: true }) | (Edge & { authorId: string | null; isShown: false });

/** Deletes the comments of a user, counts them off the posts, and publishes those that others see. */
@ErasureStep({ hangsOn: 'post' })
export class CommentsErasure implements ErasesUser {
  constructor(private readonly outbox: Outbox) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const at = new Date().toISOString();
    const comments = await tx.query<ErasedComment>(ERASE, [userId, sizeOf(BATCH_SIZE)]);
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

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE = `
  with gone as (
    delete from comment where id = any(array(select id from comment where author_id = $1 limit $2 for update skip locked))
    returning id, post_id, deleted_at
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, -count(*) from gone where deleted_at is null group by post_id
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
