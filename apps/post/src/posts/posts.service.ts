import { Injectable } from '@nestjs/common';
import {
  AppError,
  encodePosition,
  hashtagsOf,
  notFound,
  type Page,
  type Parsed,
  readingByTime,
  toPageOf,
} from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { type Post, postEvent, postRpc, type Sensitivity } from '@fowergram/contracts-post';
import type { Mention } from '@fowergram/contracts-user';
import { Database, isUniqueViolation, newId, one, type Sql, type Tx } from '@fowergram/database';
import { findStoredResponse, withIdempotency } from '@fowergram/idempotency';
import { Bus, type Envelope } from '@fowergram/messaging';
import { eventRow, Outbox } from '@fowergram/outbox';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { MentionsService } from '../mentions/mentions.service.js';
import { AltTextsService } from '../preferences/alt-texts.service.js';
import { claimIdOf } from './posts.rules.js';
import { type NewPost, PostsRepository } from './posts.repository.js';
import { SensitivityRepository } from './sensitivity.repository.js';
import { sensitivityOf } from './sensitivity.rules.js';

type CreateInput = Parsed<typeof postRpc.create>;

/** What few posts have, and is written besides. */
interface Extras {
  mentions: Mention[];
  sensitivity: Sensitivity;
}

@Injectable()
export class PostsService {
  constructor(
    private readonly db: Database,
    private readonly posts: PostsRepository,
    private readonly sensitivity: SensitivityRepository,
    private readonly mentions: MentionsService,
    private readonly altTexts: AltTextsService,
    private readonly outbox: Outbox,
    private readonly bus: Bus,
  ) {}

  /** Claims the media first, since nothing remote belongs in a transaction; a claim whose post never came is released by a sweep. */
  async create(input: CreateInput, envelope: Envelope): Promise<Post> {
    const key = envelope.idempotencyKey;
    const stored = await findStoredResponse(this.db, key, postRpc.create, input);
    if (stored) return stored.answer;
    const claimId = claimIdOf(key);
    const sensitivity = sensitivityOf(input);
    const [mentions] = await Promise.all([
      this.mentions.resolve(input.authorId, input.caption),
      this.altTexts.requireOf(input.authorId, input.mediaIds),
    ]);
    await this.claim(input, claimId);
    // The caller waits no longer, and the sweep relies on it that no post appears long after its claim.
    if (Date.now() > envelope.deadlineAt) throw new AppError('UNAVAILABLE', 'This took too long. Please try again.');
    try {
      return await this.store(input, newPost(input, claimId), { mentions, sensitivity }, envelope);
    } catch (error) {
      throw isUniqueViolation(error, 'post_claim') ? keyHasExpired(error) : error;
    } finally {
      this.outbox.trigger();
    }
  }

  async update(input: Parsed<typeof postRpc.update>, idempotencyKey: string | undefined): Promise<Post> {
    const { id, userId, audience } = input;
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, postRpc.update, input, async () => {
        if (!(await this.posts.lockShared(tx, id, userId))) throw accountIsDeleted();
        if (!(await this.posts.update(tx, id, userId, audience))) throw notFound('post', ['id']);
        return one(await this.posts.byIds(tx, [id], userId));
      }),
    );
  }

  async delete(
    { id, userId }: Parsed<typeof postRpc.delete>,
    idempotencyKey: string | undefined,
  ): Promise<{ deleted: boolean }> {
    const answer = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, postRpc.delete, { id, userId }, async () => {
        if (!(await this.posts.lockForDeletion(tx, id, userId))) throw accountIsDeleted();
        const removed = await this.posts.remove(tx, id, userId, new Date());
        if (!removed) throw notFound('post', ['id']);
        if (removed === 'now') await this.outbox.add(tx, postEvent.deleted, { postId: id, authorId: userId });
        return { deleted: true };
      }),
    );
    this.outbox.trigger();
    return answer;
  }

  byIds({ ids, viewerId }: Parsed<typeof postRpc.byIds>): Promise<Post[]> {
    return this.posts.byIds(this.db, ids, viewerId);
  }

  async byCode({ code, viewerId }: Parsed<typeof postRpc.byCode>): Promise<{ post: Post | null }> {
    return { post: (await this.posts.byCode(code, viewerId)) ?? null };
  }

  async byAuthor({ authorId, viewerId, ...page }: Parsed<typeof postRpc.byAuthor>): Promise<Page<Post>> {
    const reading = readingByTime(page);
    const posts = await this.posts.byAuthor(authorId, viewerId, reading);
    return toPageOf(posts, reading, (post) => ({
      cursor: encodePosition({ at: new Date(post.createdAt), id: post.id }),
      node: post,
    }));
  }

  countsByAuthors({
    authorIds,
  }: Parsed<typeof postRpc.countsByAuthors>): Promise<{ authorId: string; postCount: number }[]> {
    return this.posts.countsByAuthors(authorIds);
  }

  private async claim({ authorId, mediaIds }: CreateInput, claimId: string): Promise<void> {
    try {
      await this.bus.call(mediaRpc.claim, { ownerId: authorId, claimId, purpose: 'post', mediaIds });
    } catch (error) {
      // Both contracts call the list mediaIds, so a path that media gives is the caller's path too.
      if (
        !(error instanceof AppError) ||
        error.details.path ||
        error.code === 'UNAVAILABLE' ||
        error.code === 'INTERNAL'
      )
        throw error;
      throw new AppError(error.code, error.message, { ...error.details, path: ['mediaIds'] }, { cause: error });
    }
  }

  /** Without a key and extras one statement is the whole transaction: a round trip, and one wait for the disk. */
  private async store(input: CreateInput, post: NewPost, extras: Extras, { idempotencyKey }: Envelope): Promise<Post> {
    const event = eventRow(postEvent.created, {
      postId: post.id,
      authorId: post.authorId,
      createdAt: post.createdAt.toISOString(),
    });
    const insert = async (sql: Sql) => {
      const code = await this.posts.insert(sql, post, event);
      if (!code) throw accountIsDeleted();
      return { ...asCreated(post, code), ...extras.sensitivity };
    };
    const hasMore = extras.mentions.length > 0 || extras.sensitivity.isSensitive;
    if (!idempotencyKey && !hasMore) return insert(this.db);
    const insertAll = async (tx: Tx) => {
      const made = await insert(tx);
      if (hasMore) await this.storeExtras(tx, post, extras);
      return made;
    };
    return this.db.transaction((tx) => withIdempotency(tx, idempotencyKey, postRpc.create, input, () => insertAll(tx)));
  }

  private async storeExtras(tx: Tx, post: NewPost, { mentions, sensitivity }: Extras): Promise<void> {
    if (sensitivity.isSensitive) await this.sensitivity.set(tx, post.id, sensitivity);
    if (mentions.length > 0) await this.mentions.store(tx, mentioningOf(post), post.caption, mentions);
  }
}

function newPost(input: CreateInput, claimId: string): NewPost {
  const { authorId, caption, mediaIds, location, commentsDisabled, audience = 'PUBLIC' } = input;
  const hashtags = hashtagsOf(caption);
  return {
    id: newId(),
    authorId,
    caption,
    mediaIds,
    hashtags,
    location: location || null,
    commentsDisabled,
    audience,
    claimId,
    createdAt: new Date(),
  };
}

const mentioningOf = ({ id, authorId }: NewPost) => ({ postId: id, authorId, commentId: null, mentionerId: authorId });

function asCreated({ claimId: _claimId, createdAt, ...post }: NewPost, code: string): Omit<Post, keyof Sensitivity> {
  const counts = { likeCount: 0, commentCount: 0, viewerHasLiked: false, saveCount: 0 };
  const seen = { code, state: 'PUBLISHED' as const, version: 1, ...counts };
  return { ...post, ...seen, createdAt: createdAt.toISOString(), editedAt: null, publishAt: null };
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
