import { Injectable } from '@nestjs/common';
import { notFound, type Reading } from '@fowergram/contracts-core';
import type { Audience, CommentPolicy, Post, PostState } from '@fowergram/contracts-post';
import { Database, type Sql, type Stretch, stretchOf, type Tx } from '@fowergram/database';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { commentPolicyIn } from '../posts/comment-policy.rules.js';
import { type PlacedRow, selectPlaced } from '../posts/placed-posts.repository.js';
import { type PostRow, selectPosts, toPost } from '../posts/post-rows.repository.js';
import { RESTORABLE_DAYS } from '../posts/post-state.rules.js';
import { PostsRepository } from '../posts/posts.repository.js';

/** A post as its author may change it. */
export interface OwnPost {
  id: string;
  authorId: string;
  state: PostState;
  version: number;
  claimId: string;
  mediaIds: string[];
  caption: string;
  location: string | null;
  commentPolicy: CommentPolicy;
  isSensitive: boolean;
  contentWarning: string | null;
  audience: Audience;
  createdAt: Date;
  publishAt: Date | null;
  /** What it was before it was deleted; null when it is not, or does not come back. */
  restorableTo: PostState | null;
}

/** Posts in the hands of their authors, in whatever state they are. Reposts are not among them: they are taken back, and nothing else. */
@Injectable()
export class OwnPostsRepository {
  constructor(
    private readonly db: Database,
    private readonly posts: PostsRepository,
  ) {}

  /** Throws NOT_FOUND when it is not the author's. */
  async get(id: string, userId: string, sql: Sql = this.db): Promise<OwnPost> {
    const [post] = await sql.query<OwnPost>(FIND, [id, userId]);
    if (!post) throw notFound('post', ['id']);
    return post;
  }

  /** The same, and whatever else is done to the post waits until the transaction ends. */
  async getLocked(tx: Tx, id: string, userId: string): Promise<OwnPost> {
    if (!(await this.posts.lockForDeletion(tx, id, userId))) throw accountIsDeleted();
    return this.get(id, userId, tx);
  }

  /** As the author sees it, whatever its state. */
  async show(sql: Sql, id: string, userId: string): Promise<Post> {
    const [row] = await sql.query<PostRow>(SHOW, [userId, id]);
    if (!row) throw notFound('post', ['id']);
    return toPost(row);
  }

  /** A stretch of those in a state; what is deleted for good is left out. */
  async list(userId: string, state: PostState, { from, size }: Reading): Promise<Stretch<PlacedRow>> {
    return stretchOf(await this.db.query<PlacedRow>(LIST, [userId, state, from.at, from.id, size + 1]));
  }
}

/** An SQL condition: this deleted post can be restored. */
const isRestorable = `deleted_from is not null and deleted_at > now() - interval '${RESTORABLE_DAYS} days'`;

const FIND = `
  select id, author_id as "authorId", state, version, claim_id as "claimId", media_ids as "mediaIds", caption, location,
    ${commentPolicyIn('post')} as "commentPolicy", is_sensitive as "isSensitive", content_warning as "contentWarning", audience, created_at as "createdAt", publish_at as "publishAt",
    case when ${isRestorable} then deleted_from end as "restorableTo"
  from post where id = $1 and author_id = $2 and repost_of is null`;

const SHOW = selectPosts(`(select * from post where id = $2 and author_id = $1) p`);

const LIST = selectPlaced(
  `
        select id, created_at as at from post
        where author_id = $1 and state = $2 and state <> 'PUBLISHED' and (created_at, id) < ($3::timestamptz, $4::uuid)
        order by created_at desc, id desc`,
  `state = $2 and (state <> 'DELETED' or (${isRestorable}))`,
);
