import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';

const BATCH_SIZE = 500;
const OF_POSTS_BATCH_SIZE = 5_000;

interface Edge {
  postId: string;
  version: number;
}

/** Of a post that is gone there is no author, and no like is shown. */
type ErasedLike = (Edge & { authorId: string; isShown: true }) | (Edge & { authorId: string | null; isShown: false });

/** Deletes the likes of a user, counts them off the posts, and publishes those of posts that others see. */
@ErasureStep({ hangsOn: 'post' })
export class LikesErasure implements ErasesUser {
  constructor(private readonly outbox: Outbox) {}

  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const at = new Date().toISOString();
    const likes = await tx.query<ErasedLike>(ERASE, [userId, sizeOf(BATCH_SIZE)]);
    const shown = likes.filter((like) => like.isShown);
    await this.outbox.addAll(
      tx,
      shown.map(({ postId, authorId, version }) =>
        eventRow(postEvent.unliked, { postId, authorId, version, likerId: userId, at }),
      ),
    );
    return likes.length > 0;
  }

  /** Deletes likes of deleted posts, whose deletion was published and counts for all of them. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE_OF_POSTS, [postIds, sizeOf(OF_POSTS_BATCH_SIZE)])).length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query('select 1 as held from post_like where user_id = $1 limit 1', [userId])).length > 0;
  }
}

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE = `
  with gone as (
    delete from post_like where user_id = $1
      and post_id = any(array(select post_id from post_like where user_id = $1 limit $2 for update skip locked))
    returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, -1, 0 from gone
  )
  select g.post_id as "postId", p.author_id as "authorId", nextval('edge_version') as version, p.id is not null and p.deleted_at is null as "isShown"
  from gone g left join post p on p.id = g.post_id`;

// By the places of the rows, since a like has no key of one column.
const ERASE_OF_POSTS = `
  delete from post_like where ctid = any(array(select ctid from post_like where post_id = any($1::uuid[]) limit $2)) returning 1 as gone`;
