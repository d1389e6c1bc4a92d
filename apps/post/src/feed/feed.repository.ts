import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import type { Post, PostReference, PostRevision } from '@fowergram/contracts-post';
import { Database, type Qualified } from '@fowergram/database';
import { feedAudiences, isInFeedOf, isSurelyInFeed, mutesWords, refusedAuthors } from '@fowergram/visibility';
import { comesFromSomebody, isOfNobodyRefused } from '../co-authors/co-authored.rules.js';
import { isUnmoderatedFor } from '../moderation/moderation.rules.js';
import {
  isUsual,
  type PostRow,
  type ReferenceRow,
  revisionsWhere,
  selectPosts,
  selectReferences,
  toPost,
  unusualPost,
} from '../posts/post-rows.repository.js';
import { isNotTooSensitiveFor } from '../posts/sensitive-posts.rules.js';
import { isPublished, passesOnInFeed, passesOnVisible } from '../posts/visible-posts.rules.js';

/** What is shown of a post in a feed: all of it, or what a caller needs who holds the revision. */
export interface FeedEntry {
  id: string;
  authorId: string;
  createdMs: number;
  node: Post | PostReference;
}

/** Posts of a stretch, and what there is to do with them: to leave out those with muted words, to add those with followed hashtags. */
export interface Hydrated {
  entries: FeedEntry[];
  /** All of the stretch down to here has been looked at. */
  end: Position;
  mutesWords: boolean;
  followsHashtags: boolean;
}

/** They are about the viewer and the same in all rows. */
interface ViewerColumns {
  mutes_words: boolean;
  follows_hashtags: boolean;
}

interface StretchRow extends ReferenceRow, ViewerColumns {
  /** Null or false where the long statement decides. */
  is_shown: boolean | null;
}

export interface Stretch {
  ids: string[];
  after: Position;
  lowest: Position;
  limit: number;
}

@Injectable()
export class FeedRepository {
  constructor(private readonly db: Database) {}

  /**
   * Positions of the newest posts of these authors after a position, newest first, hidden ones too: so they may be cached. Those of which they
   * or the viewer are co-authors are among them.
   */
  newest(viewerId: string, authorIds: string[], after: Position, limit: number): Promise<Position[]> {
    return this.db.query<Position>(NEWEST, [...rangeOf(authorIds, after, limit), viewerId]);
  }

  /** The same without the posts that the viewer's feed does not show. */
  newestShown(viewerId: string, authorIds: string[], after: Position, limit: number): Promise<Position[]> {
    return this.db.query<Position>(NEWEST_SHOWN, [...rangeOf(authorIds, after, limit), viewerId]);
  }

  /** Whose post it is, too. */
  async coAuthorsOf(postId: string): Promise<string[]> {
    const [row] = await this.db.query<{ ids: string[] }>(CO_AUTHORS_OF, [postId]);
    return row?.ids ?? [];
  }

  /** Those of the posts that are not there for anybody: deleted or archived. */
  async absentAmong(ids: string[]): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(ABSENT_AMONG, [ids]);
    return rows.map((row) => row.id);
  }

  /**
   * Those of the posts that are shown, together with the viewer's own ones of the same stretch, newest first: as they come, at most `limit`
   * are looked at. What most are, public posts of public accounts, is decided by a short statement, which answers references; others take
   * the one that knows all.
   */
  async hydrateFirst(viewerId: string, stretch: Stretch): Promise<Hydrated> {
    const rows = await this.db.query<StretchRow>(HYDRATE_FIRST, parametersOf(viewerId, stretch));
    const end = rows.length < stretch.limit ? stretch.lowest : positionOf(rows.at(-1)!);
    const shown = rows.filter(({ is_shown: isShown }) => isShown);
    if (shown.length === rows.length) return toHydrated(shown.map(entryOfReference), rows[0], end);
    const open = new Map(rows.filter(({ is_shown: isShown }) => !isShown).map((row) => [row.id, row]));
    // Own posts come with the stretch; those that were not there before take nobody's place.
    const ids = [...open.values()].filter(({ author_id: authorId }) => authorId !== viewerId).map(({ id }) => id);
    const rest = { ...stretch, ids, lowest: end, limit: 2 * stretch.limit };
    const found = await this.db.query<PostRow & ViewerColumns>(HYDRATE, parametersOf(viewerId, rest));
    const entries = [...shown.map(entryOfReference), ...found.filter(({ id }) => open.has(id)).map(entryOfRow)];
    return toHydrated(entries.sort(newestFirst), rows[0], end);
  }

  /** The same as whole posts, looking at as many as it takes to show `limit`. */
  async hydrate(viewerId: string, stretch: Stretch): Promise<Hydrated> {
    const rows = await this.db.query<PostRow & ViewerColumns>(HYDRATE, parametersOf(viewerId, stretch));
    const end = rows.length < stretch.limit ? stretch.lowest : positionOf(rows.at(-1)!);
    return toHydrated(rows.map(entryOfRow), rows[0], end);
  }

  /** Those of the posts that still have the revision that is asked for, and nothing but what is usual. */
  async revisions(references: Pick<PostReference, 'id' | 'revision'>[]): Promise<PostRevision[]> {
    const ids = references.map(({ id }) => id);
    const rows = await this.db.query<PostRow & { revision: string }>(REVISIONS, [null, ids]);
    const wanted = new Map(references.map(({ id, revision }) => [id, revision]));
    const same = rows.filter((row) => isUsual(row) && wanted.get(row.id) === row.revision);
    return same.map((row) => ({ revision: row.revision, post: toPost(row) }));
  }
}

function parametersOf(viewerId: string, { ids, after, lowest, limit }: Stretch): unknown[] {
  return [viewerId, ids, after.at, after.id, lowest.at, lowest.id, limit];
}

function toHydrated(entries: FeedEntry[], row: ViewerColumns | undefined, end: Position): Hydrated {
  // Of no row nothing is known.
  return { entries, end, mutesWords: row?.mutes_words ?? true, followsHashtags: row?.follows_hashtags ?? true };
}

function entryOfReference(row: StretchRow): FeedEntry {
  const counts = { likeCount: row.like_count, commentCount: row.comment_count, viewerHasLiked: row.viewer_has_liked };
  const node = unusualPost(row) ?? { id: row.id, revision: row.revision, ...counts };
  return { id: row.id, authorId: row.author_id, createdMs: row.created_ms, node };
}

/** A whole post as an entry of a feed. */
export const entryOfRow = (row: PostRow): FeedEntry => ({
  id: row.id,
  authorId: row.author_id,
  createdMs: row.created_ms,
  node: toPost(row),
});

const positionOf = (row: { id: string; created_ms: number }): Position => ({
  at: new Date(row.created_ms),
  id: row.id,
});

/** As Postgres orders them: ids of one millisecond by their bytes, which are lower-case text here. */
export const newestFirst = (a: FeedEntry, b: FeedEntry): number => b.createdMs - a.createdMs || (a.id < b.id ? 1 : -1);

function rangeOf(authorIds: string[], after: Position, limit: number): unknown[] {
  const perAuthor = Math.ceil((2 * limit) / Math.max(authorIds.length, 1));
  return [authorIds, after.at, after.id, limit, Math.min(perAuthor, limit)];
}

// The few newest of each author give a time at or below which the last row of the answer must lie; only what is newer is read
// then. So the work grows with authors + answer, not with authors × answer, and each author costs two short index scans.
const newestOf = (authors: string, isWanted: string): string => `
  with author as (
    ${authors}
  ), bound as (
    select p.created_at
    from author a cross join lateral (
      select created_at from post
      where author_id = a.id and ${isPublished('post')} and (created_at, id) < ($2::timestamptz, $3::uuid)${isWanted}
      order by created_at desc, id desc limit $5
    ) p
    order by p.created_at desc offset $4::integer - 1 limit 1
  )
  select p.id, p.created_at as at
  from author a cross join lateral (
    select id, created_at from post
    where author_id = a.id and ${isPublished('post')} and (created_at, id) < ($2::timestamptz, $3::uuid)${isWanted}
      and created_at >= coalesce((select created_at from bound), '-infinity')
    order by created_at desc, id desc limit $4::integer
  ) p
  order by p.created_at desc, p.id desc limit $4::integer`;

// Of each user the co-authored posts are few, or none.
const withCoAuthored = (own: string, isWanted: string): string => `
  select id, at from (
    (${own})
    union
    (select shared.id, shared.at from unnest($1::uuid[] || $6::uuid) as a (id) cross join lateral (
      select place.post_id as id, place.post_created_at as at
      from co_author place cross join lateral (
        select id from post where id = place.post_id and author_id <> $6::uuid and ${isPublished('post')}${isWanted} limit 1
      ) post
      where place.user_id = a.id and place.state = 'ACCEPTED' and (place.post_created_at, place.post_id) < ($2::timestamptz, $3::uuid)
      order by place.post_created_at desc, place.post_id desc limit $4::integer
    ) shared order by shared.at desc, shared.id desc limit $4::integer)
  ) either
  order by at desc, id desc limit $4::integer`;

const NEWEST = withCoAuthored(newestOf('select unnest($1::uuid[]) as id', ''), '');

const isWantedBy = (viewer: Qualified): string =>
  `${isUnmoderatedFor(viewer, 'post')} and ${isNotTooSensitiveFor(viewer, 'post')} and ${passesOnInFeed(viewer, 'post')}`;

// The audiences are found once for each author: their posts may be many, and none of an author who has none for this viewer is read.
const NEWEST_SHOWN = withCoAuthored(
  newestOf(
    `select * from (select a.id, ${feedAudiences('$6', 'a.id')} as audiences from unnest($1::uuid[]) as a (id) offset 0) a
    where cardinality(audiences) > 0`,
    ` and audience = any(a.audiences) and ${isWantedBy('$6')} and ${isOfNobodyRefused('$6', 'post')}`,
  ),
  ` and audience = any(${feedAudiences('$6', 'post.author_id')}::text[]) and ${isWantedBy('$6')} and ${comesFromSomebody('$6', 'post')}`,
);

const ABSENT_AMONG = `
  select a.id from unnest($1::uuid[]) as a (id) where not exists (select from post where id = a.id and ${isPublished('post')})`;

const CO_AUTHORS_OF = `select co_author_ids::text[] as ids from post where id = $1`;

// Both are asked once for a page.
const MUTES_WORDS = `${mutesWords('$1')} as mutes_words`;
const FOLLOWS_HASHTAGS = 'exists (select from hashtag_follow where user_id = $1) as follows_hashtags';

const OWN_OF_STRETCH = `author_id = $1 and ${isPublished('post')}
    and (created_at, id) < ($3::timestamptz, $4::uuid) and (created_at, id) >= ($5::timestamptz, $6::uuid)`;

// What a statement costs grows with its plan, also with the parts that no row of a usual page needs.
const HYDRATE_FIRST = `${selectReferences(
  `(
    select * from (
      (${revisionsWhere(`id = any($2::uuid[]) and ${isPublished('post')}`)})
      union all
      (${revisionsWhere(OWN_OF_STRETCH)} order by created_at desc, id desc limit $7)
    ) stretch
    order by created_at desc, id desc limit $7
  ) p cross join (select ${refusedAuthors('$1')} as authors offset 0) refused`,
  [
    `p.repost_of is null and (p.author_id = $1 or (not p.moderated and p.hidden_reason is null and not p.is_sensitive and not p.was_shared
      and ${isSurelyInFeed('p.author_id', 'p.audience', 'refused.authors')})) as is_shown`,
    MUTES_WORDS,
    FOLLOWS_HASHTAGS,
  ],
)}
  order by p.created_at desc, p.id desc`;

const HYDRATE = `${selectPosts(
  `(
    select * from (
      (select post.* from post cross join (select ${refusedAuthors('$1')} as authors offset 0) refused
        where id = any($2::uuid[]) and ${isPublished('post')}
          and ${isInFeedOf('$1', 'post.author_id', 'post.audience', 'refused.authors')} and ${isUnmoderatedFor('$1', 'post')}
          and ${isNotTooSensitiveFor('$1', 'post')} and ${passesOnInFeed('$1', 'post')} and ${comesFromSomebody('$1', 'post')})
      union all
      (select * from post where ${OWN_OF_STRETCH} and ${passesOnVisible('$1', 'post')} order by created_at desc, id desc limit $7)
    ) stretch
    order by created_at desc, id desc limit $7
  ) p`,
  [MUTES_WORDS, FOLLOWS_HASHTAGS],
)}
  order by p.created_at desc, p.id desc`;

const REVISIONS = selectPosts(`(${revisionsWhere('id = any($2::uuid[])')}) p`, ['p.revision']);
