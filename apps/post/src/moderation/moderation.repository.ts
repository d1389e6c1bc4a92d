import { Injectable } from '@nestjs/common';
import type { Comment, Post } from '@fowergram/contracts-post';
import type { ContentKind, ContentModeration } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { type CommentRow, selectComments, toComment } from '../comments/comment-rows.repository.js';
import { type PostRow, selectPosts, toPost } from '../posts/post-rows.repository.js';

@Injectable()
export class ModerationRepository {
  constructor(private readonly db: Database) {}

  /** The post that a comment stands under, or the post itself, also where it is deleted and may come back; undefined when there is no such thing. */
  async postOf(tx: Tx, kind: ContentKind, contentId: string): Promise<string | undefined> {
    return (await tx.query<{ postId: string }>(POST_OF[kind], [contentId]))[0]?.postId;
  }

  /** Lets moderators see it, and reads look who has reported it. */
  async mark(tx: Tx, kind: ContentKind, contentId: string, postId: string): Promise<void> {
    await tx.query(MARK.post, [postId]);
    if (kind === 'comment') await tx.query(MARK.comment, [contentId]);
  }

  async hideFrom(tx: Tx, reporterId: string, contentId: string, postId: string): Promise<void> {
    await tx.query(HIDE_FROM, [reporterId, contentId, postId]);
  }

  /** Stores the decision unless a newer one is known. */
  async setHidden(tx: Tx, { kind, contentId, hidden, reason, version }: ContentModeration): Promise<void> {
    await tx.query(SET_HIDDEN[kind], [contentId, hidden ? reason : null, version]);
  }

  async posts(ids: string[], viewerId: string): Promise<Post[]> {
    return (await this.db.query<PostRow>(POSTS, [viewerId, ids])).map(toPost);
  }

  /** Moderators read them whatever words they have muted. */
  async comments(ids: string[], viewerId: string): Promise<Comment[]> {
    return (await this.db.query<CommentRow>(COMMENTS, [viewerId, ids])).map((row) => ({
      ...toComment(row),
      isMuted: false,
    }));
  }
}

const POST_OF: Record<ContentKind, string> = {
  post: 'select id as "postId" from post where id = $1',
  comment: 'select post_id as "postId" from comment where id = $1 and deleted_at is null',
};

const MARK: Record<ContentKind, string> = {
  post: 'update post set moderated = true where id = $1 and not moderated',
  comment: 'update comment set moderated = true where id = $1 and not moderated',
};

const SET_HIDDEN: Record<ContentKind, string> = {
  post: 'update post set hidden_reason = $2, moderation_version = $3 where id = $1 and moderation_version < $3',
  comment: 'update comment set hidden_reason = $2, moderation_version = $3 where id = $1 and moderation_version < $3',
};

const HIDE_FROM =
  'insert into reported_content (reporter_id, content_id, post_id) values ($1, $2, $3) on conflict do nothing';

const POSTS = selectPosts('(select * from post where id = any($2::uuid[]) and deleted_at is null and moderated) p');

const COMMENTS = `
  ${selectComments('comment c join post p on p.id = c.post_id and p.deleted_at is null')}
  where c.id = any($2::uuid[]) and c.deleted_at is null and c.moderated`;
