import { Injectable } from '@nestjs/common';
import type { Audience, CommentPolicy } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';

/** How many captions of before a post keeps; older ones are deleted. */
export const MAX_EDITS = 50;

/** What a post is to show from now on, all of it. */
export interface EditedPost {
  id: string;
  caption: string;
  hashtags: string[];
  language: string | null;
  location: string | null;
  commentPolicy: CommentPolicy;
  audience: Audience;
}

export interface EditRow {
  postId: string;
  caption: string;
  editedAt: Date;
}

@Injectable()
export class EditsRepository {
  constructor(private readonly db: Database) {}

  /** Changes a locked post; null where it was not published yet, and so was not edited. */
  async update(tx: Tx, post: EditedPost, editedAt: Date | null): Promise<void> {
    const { id, caption, hashtags, language, location, commentPolicy, audience } = post;
    await tx.query(UPDATE, [
      id,
      caption,
      hashtags,
      location,
      commentPolicy === 'NOBODY',
      audience,
      editedAt,
      commentPolicy === 'FOLLOWERS',
      language,
    ]);
  }

  /** Keeps the caption that a locked post had until then. */
  async keepCaption(tx: Tx, postId: string, version: number, caption: string, at: Date): Promise<void> {
    await tx.query(KEEP, [postId, version, caption, at]);
    await tx.query(PURGE_OLD, [postId, MAX_EDITS]);
  }

  /** What the author's posts said before, latest first. */
  async history(userId: string, postIds: string[]): Promise<EditRow[]> {
    return this.db.query<EditRow>(HISTORY, [userId, postIds, MAX_EDITS]);
  }
}

const UPDATE = `
  update post set caption = $2, hashtags = $3, location = $4, comments_disabled = $5, comments_for_followers = $8, audience = $6,
    edited_at = coalesce($7, edited_at), version = version + 1, language = $9
  where id = $1`;

const KEEP = 'insert into post_edit (post_id, version, caption, edited_at) values ($1, $2, $3, $4)';

const PURGE_OLD = `
  delete from post_edit where post_id = $1 and version <= (
    select version from post_edit where post_id = $1 order by version desc offset $2::integer limit 1
  )`;

const HISTORY = `
  select e.post_id as "postId", e.caption, e.edited_at as "editedAt"
  from unnest($2::uuid[]) as asked (id) join post p on p.id = asked.id and p.author_id = $1
  cross join lateral (select * from post_edit where post_id = p.id order by version desc limit $3) e
  order by e.post_id, e.version desc`;
