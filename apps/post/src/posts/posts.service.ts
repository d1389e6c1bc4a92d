import { Injectable } from '@nestjs/common';
import { AppError, hashtagsOf, type Page, type Parsed, readingByTime } from '@fowergram/contracts-core';
import {
  type CommentPolicy,
  type Post,
  postEvent,
  postRpc,
  type PostStatus,
  type Sensitivity,
} from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, isUniqueViolation, newId, type Sql, type Tx } from '@fowergram/database';
import { findStoredResponse, withIdempotency } from '@fowergram/idempotency';
import type { Envelope } from '@fowergram/messaging';
import { eventRow, Outbox } from '@fowergram/outbox';
import { languageOf } from '../discovery/languages.rules.js';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { AltTextsService } from '../preferences/alt-texts.service.js';
import { CommentPolicyRepository } from './comment-policy.repository.js';
import { commentPolicyOf } from './comment-policy.rules.js';
import { MediaClaimsService } from './media-claims.service.js';
import { claimIdOf, mentioningOf } from './posts.rules.js';
import { readPlaced } from './placed-posts.repository.js';
import { type NewPost, PostsRepository } from './posts.repository.js';
import { SensitivityRepository } from './sensitivity.repository.js';
import { sensitivityOf } from './sensitivity.rules.js';

type CreateInput = Parsed<typeof postRpc.create>;

/** What few posts have, and is written besides. */
interface Extras {
  mentions: Mention[];
  sensitivity: Sensitivity;
  commentPolicy: CommentPolicy;
  areReady: boolean;
}

type Unmarked = Omit<Post, keyof Sensitivity | 'commentPolicy'>;

@Injectable()
export class PostsService {
  constructor(
    private readonly db: Database,
    private readonly posts: PostsRepository,
    private readonly sensitivity: SensitivityRepository,
    private readonly policies: CommentPolicyRepository,
    private readonly mentions: MentionsService,
    private readonly altTexts: AltTextsService,
    private readonly outbox: Outbox,
    private readonly claims: MediaClaimsService,
  ) {}

  /** Claims the media first, since nothing remote belongs in a transaction; a claim whose post never came is released by a sweep. */
  async create(input: CreateInput, envelope: Envelope): Promise<Post> {
    const key = envelope.idempotencyKey;
    const stored = await findStoredResponse(this.db, key, postRpc.create, input);
    if (stored) return stored.answer;
    const claimId = claimIdOf(key);
    const [sensitivity, commentPolicy] = [sensitivityOf(input), commentPolicyOf(input)];
    const [mentions] = await Promise.all([
      this.mentions.resolve(input.authorId, input.caption),
      this.altTexts.requireOf(input.authorId, input.mediaIds),
    ]);
    const areReady = await this.claims.claim({ ...input, claimId });
    // The caller waits no longer, and the sweep relies on it that no post appears long after its claim.
    if (Date.now() > envelope.deadlineAt) throw new AppError('UNAVAILABLE', 'This took too long. Please try again.');
    try {
      return await this.store(
        input,
        newPost(input, claimId, commentPolicy),
        { mentions, sensitivity, commentPolicy, areReady },
        envelope,
      );
    } catch (error) {
      throw isUniqueViolation(error, 'post_claim') ? keyHasExpired(error) : error;
    } finally {
      this.outbox.trigger();
    }
  }

  byIds({ ids, viewerId }: Parsed<typeof postRpc.byIds>): Promise<Post[]> {
    return this.posts.byIds(this.db, ids, viewerId);
  }

  statuses({ ids, viewerId }: Parsed<typeof postRpc.statuses>): Promise<PostStatus[]> {
    return this.posts.statuses(ids, viewerId);
  }

  async byCode({ code, viewerId }: Parsed<typeof postRpc.byCode>): Promise<{ post: Post | null }> {
    return { post: (await this.posts.byCode(code, viewerId)) ?? null };
  }

  byAuthor({ authorId, viewerId, ...page }: Parsed<typeof postRpc.byAuthor>): Promise<Page<Post>> {
    return readPlaced(readingByTime(page), (next) => this.posts.byAuthor(authorId, viewerId, next));
  }

  countsByAuthors({
    authorIds,
  }: Parsed<typeof postRpc.countsByAuthors>): Promise<{ authorId: string; postCount: number }[]> {
    return this.posts.countsByAuthors(authorIds);
  }

  /** Without a key and extras one statement is the whole transaction: a round trip, and one wait for the disk. */
  private async store(input: CreateInput, post: NewPost, extras: Extras, { idempotencyKey }: Envelope): Promise<Post> {
    const insert = async (sql: Sql) => ({
      ...(await (extras.areReady ? this.publish(sql, post) : this.wait(sql, post))),
      ...extras.sensitivity,
      commentPolicy: extras.commentPolicy,
    });
    const { mentions, sensitivity, commentPolicy } = extras;
    const hasMore = mentions.length > 0 || sensitivity.isSensitive || commentPolicy === 'FOLLOWERS';
    if (!idempotencyKey && !hasMore) return insert(this.db);
    const insertAll = async (tx: Tx) => {
      const made = await insert(tx);
      if (hasMore) await this.storeExtras(tx, post, extras);
      return made;
    };
    return this.db.transaction((tx) => withIdempotency(tx, idempotencyKey, postRpc.create, input, () => insertAll(tx)));
  }

  private async storeExtras(tx: Tx, post: NewPost, { mentions, sensitivity, commentPolicy }: Extras): Promise<void> {
    if (commentPolicy === 'FOLLOWERS') await this.policies.set(tx, post.id, commentPolicy);
    if (sensitivity.isSensitive) await this.sensitivity.set(tx, post.id, sensitivity);
    if (mentions.length > 0) await this.mentions.store(tx, mentioningOf(post), post.caption, mentions);
  }

  private async publish(sql: Sql, post: NewPost): Promise<Unmarked> {
    const { id: postId, authorId, createdAt } = post;
    const event = eventRow(postEvent.created, { postId, authorId, createdAt: createdAt.toISOString() });
    const code = await this.posts.insert(sql, post, event);
    if (!code) throw accountIsDeleted();
    return asCreated(post, { code });
  }

  /** Media are still processed: the post is due now, and goes out when they are READY. */
  private async wait(sql: Sql, post: NewPost): Promise<Unmarked> {
    const code = await this.posts.insertWaiting(sql, post);
    if (!code) throw accountIsDeleted();
    return asCreated(post, { code, state: 'SCHEDULED', publishAt: post.createdAt.toISOString() });
  }
}

function newPost(input: CreateInput, claimId: string, commentPolicy: CommentPolicy): NewPost {
  const { authorId, caption, mediaIds, location, audience = 'PUBLIC' } = input;
  const hashtags = hashtagsOf(caption);
  return {
    id: newId(),
    authorId,
    caption,
    mediaIds,
    hashtags,
    language: languageOf(caption),
    location: location || null,
    commentsDisabled: commentPolicy === 'NOBODY',
    audience,
    claimId,
    createdAt: new Date(),
  };
}

function asCreated(
  { claimId: _claimId, language: _language, createdAt, ...post }: NewPost,
  given: Partial<Unmarked> & Pick<Post, 'code'>,
): Unmarked {
  const counts = { likeCount: 0, commentCount: 0, viewerHasLiked: false, saveCount: 0, repostOf: null, repostCount: 0 };
  const seen = { state: 'PUBLISHED' as const, version: 1, ...counts };
  return { ...post, ...seen, createdAt: createdAt.toISOString(), editedAt: null, publishAt: null, ...given };
}

/** The key made a post so long ago that its response is no longer stored. */
function keyHasExpired(cause: unknown): AppError {
  return new AppError(
    'CONFLICT',
    'This Idempotency-Key has made a post before.',
    { reason: 'IDEMPOTENCY_KEY_REUSED' },
    { cause },
  );
}
