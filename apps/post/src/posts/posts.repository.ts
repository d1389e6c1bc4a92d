import { Injectable } from '@nestjs/common';
import type { Reading } from '@fowergram/contracts-core';
import type { Audience, Post, PostStatus } from '@fowergram/contracts-post';
import {
  BACKWARD,
  type BothWays,
  Database,
  type Direction,
  FORWARD,
  one,
  Replicas,
  type Sql,
  type Stretch,
  stretchOf,
  type Tx,
} from '@fowergram/database';
import type { OutboxRow } from '@fowergram/outbox';
import { isPostShownTo } from '@fowergram/visibility';
import { PrismaService } from '../prisma.client.js';
import { type PlacedRow, selectPlaced } from './placed-posts.repository.js';
import { type PostRow, revisionsWhere, selectPosts, selectStatuses, toPost } from './post-rows.repository.js';
import { isNotTooSensitiveFor } from './sensitive-posts.rules.js';
import { isPublished, isVisibleById, isVisibleOriginal, isVisiblePost } from './visible-posts.rules.js';

export interface NewPost {
  id: string;
  authorId: string;
  caption: string;
  mediaIds: string[];
  hashtags: string[];
  /** What the caption is written in, as far as that is known. */
  language: string | null;
  location: string | null;
  commentsDisabled: boolean;
  audience: Audience;
  claimId: string;
  createdAt: Date;
}

/** A post as the holder of a claim on media. */
export interface ClaimingPost {
  authorId: string;
  claimId: string;
  mediaIds: string[];
  state: string;
  version: number;
}

@Injectable()
export class PostsRepository {
  constructor(
    private readonly db: Database,
    private readonly replicas: Replicas,
    private readonly prisma: PrismaService,
  ) {}

  /**
   * Writes post, counter delta and event in one statement, which is a transaction of its own where `sql` is the Database; answers the
   * code of the post, or undefined when the author may not write any more.
   */
  async insert(sql: Sql, post: NewPost, event: OutboxRow): Promise<string | undefined> {
    const [row] = await sql.query<{ code: string | null }>(INSERT, [
      post.id,
      post.authorId,
      post.caption,
      post.mediaIds,
      post.hashtags,
      post.location,
      post.commentsDisabled,
      post.claimId,
      post.createdAt,
      event.id,
      event.subject,
      event.payload,
      event.correlationId,
      event.headers,
      post.audience,
      post.language,
    ]);
    return row?.code ?? undefined;
  }

  /** Writes a post that is published when its media are READY; answers like `insert`. */
  async insertWaiting(sql: Sql, post: NewPost): Promise<string | undefined> {
    const { id, authorId, caption, mediaIds, hashtags, location, commentsDisabled, claimId, createdAt } = post;
    const shown = [caption, mediaIds, hashtags, location, commentsDisabled];
    const values = [id, authorId, ...shown, claimId, createdAt, post.audience, post.language];
    return (await sql.query<{ code: string }>(INSERT_WAITING, values))[0]?.code;
  }

  /** Posts that the viewer may see, as they see them, in no order; authors see what is their own until it is deleted. */
  async byIds(sql: Sql, ids: string[], viewerId: string | null): Promise<Post[]> {
    return (await sql.query<PostRow>(BY_IDS, [viewerId, ids])).map(toPost);
  }

  /** How usual posts stand for a viewer who may see them. */
  statuses(ids: string[], viewerId: string | null): Promise<PostStatus[]> {
    return this.db.query<PostStatus>(STATUSES, [viewerId, ids]);
  }

  /** The post with this code, where the viewer may see it. */
  async byCode(code: string, viewerId: string | null): Promise<Post | undefined> {
    return (await this.db.query<PostRow>(BY_CODE, [viewerId, code])).map(toPost)[0];
  }

  /** A stretch of the author's posts and those of which they are a co-author, as far as the viewer may see them. */
  async byAuthor(authorId: string, viewerId: string | null, { way, from, size }: Reading): Promise<Stretch<PlacedRow>> {
    const values = [viewerId, authorId, from.at, from.id, size + 1];
    return stretchOf(await this.replicas.query<PlacedRow>(BY_AUTHOR[way], values));
  }

  countsByAuthors(authorIds: string[]): Promise<{ authorId: string; postCount: number }[]> {
    return this.db.query(COUNTS, [authorIds]);
  }

  /**
   * Keeps a post from being deleted until the transaction ends; likes and comments of it do not wait for each other. False when
   * the writer may not write any more.
   */
  async lockShared(tx: Tx, id: string, writerId: string): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK_SHARED, [postLock(id), writerId])).mayWrite;
  }

  /** Makes deletion wait for likes and comments that are under way, and those that come later wait for the deletion. */
  async lockForDeletion(tx: Tx, id: string, writerId: string): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK_FOR_DELETION, [postLock(id), writerId])).mayWrite;
  }

  /** The claim on the media of a post, in whatever state it is. */
  async claimOf(postId: string): Promise<ClaimingPost | null> {
    const select = { authorId: true, claimId: true, mediaIds: true, state: true, version: true };
    return this.prisma.post.findUnique({ where: { id: postId }, select });
  }

  /** Those of the claims that belong to a post, deleted or not. */
  async claimsAmong(claimIds: string[]): Promise<string[]> {
    const rows = await this.prisma.post.findMany({ where: { claimId: { in: claimIds } }, select: { claimId: true } });
    return rows.map((row) => row.claimId);
  }
}

/** Whether the account of a writer exists, which it then does until the transaction ends. */
export interface Writer {
  mayWrite: boolean;
}

/** The name of the lock that orders what is done to a post against its deletion. */
export const postLock = (postId: string): string => `post:${postId}`;

const LOCK_SHARED = 'select pg_advisory_xact_lock_shared(hashtextextended($1, 0)), may_write($2) as "mayWrite"';
const LOCK_FOR_DELETION = 'select pg_advisory_xact_lock(hashtextextended($1, 0)), may_write($2) as "mayWrite"';

const INSERT = `
  with made as (
    insert into post (id, author_id, caption, media_ids, hashtags, location, comments_disabled, claim_id, created_at, audience, language)
    select $1::uuid, $2::uuid, $3::text, $4::uuid[], $5::text[], $6::text, $7::boolean, $8::uuid, $9::timestamptz, $15::text, $16::text
    where may_write($2::uuid)
    returning author_id, code
  ), counted as (
    insert into author_counter_delta (author_id, posts) select author_id, 1 from made
  )
  insert into outbox (id, subject, payload, correlation_id, headers) select $10::uuid, $11::text, $12::jsonb, $13::text, $14::jsonb from made returning (select code from made) as code`;

const INSERT_WAITING = `
  insert into post (id, author_id, caption, media_ids, hashtags, location, comments_disabled, claim_id, created_at, audience,
    state, publish_at, due_at, awaits_media, language)
  select $1::uuid, $2::uuid, $3::text, $4::uuid[], $5::text[], $6::text, $7::boolean, $8::uuid, $9::timestamptz, $10::text,
    'SCHEDULED', $9::timestamptz, $9::timestamptz, true, $11::text
  where may_write($2::uuid) returning code`;

const BY_IDS = selectPosts(`(select * from post where id = any($2::uuid[]) and ${isVisibleById('$1', 'post')}) p`);

const STATUSES = selectStatuses(`(${revisionsWhere(`id = any($2::uuid[]) and ${isVisibleById('$1', 'post')}`)}) p`);

const BY_CODE = selectPosts(`(select * from post where code = $2 and ${isVisiblePost('$1', 'post')}) p`);

// A repost has no co-authors. A private co-author has a profile for followers alone, whoever sees the post.
const byAuthor = (way: Direction): string =>
  selectPlaced(
    `
        select id, at from (
          (select id, created_at as at from post
            where author_id = $2 and ${isPublished('post')} and (created_at, id) ${way.behind} ($3::timestamptz, $4::uuid)
            order by created_at ${way.order}, id ${way.order})
          union all
          (select post_id, post_created_at from co_author
            where user_id = $2 and state = 'ACCEPTED' and ${isPostShownTo('$1', '$2', "'PUBLIC'")}
              and (post_created_at, post_id) ${way.behind} ($3::timestamptz, $4::uuid)
            order by post_created_at ${way.order}, post_id ${way.order})
        ) either
        order by at ${way.order}, id ${way.order}`,
    `${isVisibleOriginal('$1', 'post', 'post.author_id')} and ${isNotTooSensitiveFor('$1', 'post')}`,
    way,
  );

const BY_AUTHOR: BothWays = { forward: byAuthor(FORWARD), backward: byAuthor(BACKWARD) };

const COUNTS = `
  select a.id as "authorId", (coalesce(c.post_count, 0) + d.posts)::integer as "postCount"
  from unnest($1::uuid[]) as a (id)
  left join author_counter c on c.author_id = a.id
  cross join lateral (select coalesce(sum(posts), 0) as posts from author_counter_delta where author_id = a.id) d`;
