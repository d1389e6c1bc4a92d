import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/** An edge that is gone from a post that others see, in the words of the events. */
interface ShownLike {
  postId: string;
  authorId: string;
  version: number;
}
type ShownComment = ShownLike & { commentId: string };

/** What a batch has removed, and the part of it that the authors of the posts were told of once. */
export interface Removed<Edge> {
  removed: number;
  shown: Edge[];
}

const POSTS_AT_ONCE = 20;
const EDGES_AT_ONCE = 500;
const ROWS_AT_ONCE = 5_000;

/** Takes away what a person has written, a batch with each call. */
@Injectable()
export class ErasedContentRepository {
  /** Deletes posts as their author would: likes and comments that are under way are waited for, and later ones find no post. */
  async deletePosts(tx: Tx, userId: string, at: Date): Promise<string[]> {
    const posts = await tx.query<{ id: string }>(
      'select id from post where author_id = $1 and deleted_at is null limit $2',
      [userId, POSTS_AT_ONCE],
    );
    const ids = posts.map((post) => post.id);
    await tx.query(LOCK_POSTS, [ids]);
    await tx.query('update post set deleted_at = $2 where id = any($1::uuid[])', [ids, at]);
    return ids;
  }

  /** Removes deleted posts with everything that hangs on them; true when there may be more. */
  async removeFromPosts(tx: Tx, userId: string): Promise<boolean> {
    const posts = await tx.query<{ id: string }>(
      'select id from post where author_id = $1 and deleted_at is not null limit $2',
      [userId, POSTS_AT_ONCE],
    );
    const ids = posts.map((post) => post.id);
    const likes = await tx.query(REMOVE_LIKES_OF, [ids, ROWS_AT_ONCE]);
    const comments = await tx.query(REMOVE_COMMENTS_OF, [ids, ROWS_AT_ONCE]);
    if (likes.length < ROWS_AT_ONCE && comments.length < ROWS_AT_ONCE)
      await tx.query('delete from post where id = any($1::uuid[])', [ids]);
    return ids.length > 0;
  }

  async removeComments(tx: Tx, userId: string): Promise<Removed<ShownComment>> {
    return shownOf(await tx.query<Shown<ShownComment>>(REMOVE_COMMENTS_BY, [userId, EDGES_AT_ONCE]));
  }

  async removeLikes(tx: Tx, userId: string): Promise<Removed<ShownLike>> {
    return shownOf(await tx.query<Shown<ShownLike>>(REMOVE_LIKES_BY, [userId, EDGES_AT_ONCE]));
  }

  /** A batch leaves out rows that another erasure holds; here they are found. */
  async isLeft(tx: Tx, userId: string): Promise<boolean> {
    const [row] = await tx.query<{ left: boolean }>(IS_LEFT, [userId]);
    return row!.left;
  }
}

/** Of a post that is gone there is no author, and no edge is shown. */
type Shown<Edge extends ShownLike> =
  (Edge & { isShown: true }) | (Omit<Edge, 'authorId'> & { authorId: string | null; isShown: false });

const shownOf = <Edge extends ShownLike>(rows: Shown<Edge>[]): Removed<Edge> => ({
  removed: rows.length,
  shown: rows.filter((row) => row.isShown).map(({ isShown: _isShown, ...edge }) => edge as unknown as Edge),
});

const LOCK_POSTS = `
  select pg_advisory_xact_lock(key)
  from (select distinct hashtextextended('post:' || id, 0) as key from unnest($1::text[]) id order by key) keys`;

// Edges of deleted posts: nothing is counted and nobody is told, the deletion has said it all.
const REMOVE_LIKES_OF = `
  delete from post_like l using (select post_id, user_id from post_like where post_id = any($1::uuid[]) limit $2) batch
  where l.post_id = batch.post_id and l.user_id = batch.user_id returning 1 as gone`;

const REMOVE_COMMENTS_OF = `
  delete from comment c using (
    select id from comment where post_id = any($1::uuid[]) and deleted_at is null
    union all
    select id from comment where post_id = any($1::uuid[]) and deleted_at is not null
    limit $2
  ) batch
  where c.id = batch.id returning 1 as gone`;

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const REMOVE_COMMENTS_BY = `
  with gone as (
    delete from comment where id in (select id from comment where author_id = $1 limit $2 for update skip locked)
    returning id, post_id, deleted_at
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, 0, -count(*) from gone where deleted_at is null group by post_id
  )
  select g.id as "commentId", g.post_id as "postId", p.author_id as "authorId", nextval('edge_version') as version,
    g.deleted_at is null and p.id is not null and p.deleted_at is null as "isShown"
  from gone g left join post p on p.id = g.post_id`;

const REMOVE_LIKES_BY = `
  with gone as (
    delete from post_like where (post_id, user_id) in (select post_id, user_id from post_like where user_id = $1 limit $2 for update skip locked)
    returning post_id
  ), counted as (
    insert into post_counter_delta (post_id, likes, comments) select post_id, -1, 0 from gone
  )
  select g.post_id as "postId", p.author_id as "authorId", nextval('edge_version') as version, p.id is not null and p.deleted_at is null as "isShown"
  from gone g left join post p on p.id = g.post_id`;

const IS_LEFT = `
  select exists (select from post where author_id = $1 and deleted_at is null) or exists (select from post where author_id = $1 and deleted_at is not null)
    or exists (select from comment where author_id = $1) or exists (select from post_like where user_id = $1) as left`;
