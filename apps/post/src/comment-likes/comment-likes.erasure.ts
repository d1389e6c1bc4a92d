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

/** Of a comment or post that is gone there is no author, and no like is shown. */
type ErasedLike =
  | (Edge & { authorId: string; commenterId: string; isShown: true })
  | (Edge & { authorId: string | null; commenterId: string | null; isShown: false });

/** Deletes the likes of a user, counts them off the comments, and publishes those of comments that others see. */
@ErasureStep({ hangsOn: 'post' })
export class CommentLikesErasure implements ErasesUser {
  constructor(private readonly outbox: Outbox) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const at = new Date().toISOString();
    const likes = await tx.query<ErasedLike>(ERASE, [userId, sizeOf(BATCH_SIZE)]);
    const shown = likes.filter((like) => like.isShown);
    await this.outbox.addAll(
      tx,
      shown.map(({ commentId, postId, authorId, commenterId, version }) =>
        eventRow(postEvent.commentUnliked, { commentId, postId, authorId, commenterId, version, likerId: userId, at }),
      ),
    );
    return likes.length > 0;
  }

  /** Deletes likes of comments of deleted posts, whose deletion was published and counts for all of them. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 as held from comment_like where user_id = $1 limit 1', [userId])).length > 0;
  }
}

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE = `
  with gone as (
    delete from comment_like where user_id = $1
      and comment_id = any(array(select comment_id from comment_like where user_id = $1 limit $2 for update skip locked))
    returning comment_id, post_id
  ), counted as (
    insert into comment_counter_delta (comment_id, likes, replies) select comment_id, -1, 0 from gone
  )
  select g.comment_id as "commentId", g.post_id as "postId", p.author_id as "authorId", c.author_id as "commenterId",
    nextval('edge_version') as version, c.deleted_at is null and c.id is not null and p.id is not null and p.deleted_at is null as "isShown"
  from gone g left join post p on p.id = g.post_id left join comment c on c.id = g.comment_id`;

// By the places of the rows, since a like has no key of one column.
const ERASE_OF_POSTS = `
  delete from comment_like where ctid = any(array(select ctid from comment_like where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;
