import { Injectable } from '@nestjs/common';
import { AppError, hashtagsOf } from '@fowergram/contracts-core';
import type { Audience, CommentPolicy } from '@fowergram/contracts-post';
import { one, type Tx } from '@fowergram/database';
import { languageOf } from '../discovery/languages.rules.js';
import type { Writer } from '../posts/posts.repository.js';

/** How many posts somebody may have that are not published yet. */
export const MAX_DRAFTS = 1_000;

/** A post that is not published yet; it is SCHEDULED when it has a time. */
export interface Draft {
  id: string;
  claimId: string;
  caption: string;
  mediaIds: string[];
  location: string | null;
  commentPolicy: CommentPolicy;
  audience: Audience;
  publishAt: Date | null;
}

@Injectable()
export class DraftsRepository {
  /** Lets the author make one draft after the other; false when they may not write any more. */
  async lock(tx: Tx, userId: string): Promise<boolean> {
    return one(await tx.query<Writer>(LOCK, [`drafts:${userId}`, userId])).mayWrite;
  }

  async checkLimit(tx: Tx, userId: string): Promise<void> {
    const { isFull } = one(await tx.query<{ isFull: boolean }>(IS_FULL, [userId, MAX_DRAFTS]));
    if (isFull)
      throw new AppError('FORBIDDEN', `You have ${MAX_DRAFTS} drafts, which is as many as is allowed.`, {
        reason: 'DRAFT_LIMIT',
      });
  }

  async insert(tx: Tx, authorId: string, draft: Draft, awaitsMedia: boolean): Promise<void> {
    await tx.query(INSERT, [...valuesOf(draft, awaitsMedia), authorId, draft.claimId, new Date()]);
  }

  /** Changes a locked draft. */
  async update(tx: Tx, draft: Draft, awaitsMedia: boolean): Promise<void> {
    await tx.query(UPDATE, valuesOf(draft, awaitsMedia));
  }
}

const valuesOf = (draft: Draft, awaitsMedia: boolean): unknown[] => [
  draft.id,
  draft.publishAt ? 'SCHEDULED' : 'DRAFT',
  draft.caption,
  draft.mediaIds,
  hashtagsOf(draft.caption),
  draft.location,
  draft.commentPolicy === 'NOBODY',
  draft.audience,
  draft.publishAt,
  awaitsMedia,
  draft.commentPolicy === 'FOLLOWERS',
  languageOf(draft.caption),
];

const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 0)), may_write($2) as "mayWrite"';

const IS_FULL = `
  select count(*) >= $2::bigint as "isFull"
  from (select from post where author_id = $1 and state in ('DRAFT', 'SCHEDULED') limit $2::bigint) unpublished`;

const INSERT = `
  insert into post (id, state, caption, media_ids, hashtags, location, comments_disabled, audience, publish_at, due_at, awaits_media,
    comments_for_followers, language, author_id, claim_id, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13, $14, $15)`;

const UPDATE = `
  update post set state = $2, caption = $3, media_ids = $4, hashtags = $5, location = $6, comments_disabled = $7, audience = $8,
    publish_at = $9, due_at = $9, awaits_media = $10, comments_for_followers = $11, language = $12, publish_problem = null, version = version + 1
  where id = $1`;
