import { Inject, Injectable } from '@nestjs/common';
import { AppError, type ErrorDetails } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { Bus } from '@fowergram/messaging';
import { Every, type Logger, LOGGER } from '@fowergram/service-kit';
import { PostsRepository } from './posts.repository.js';

const RECONCILE_INTERVAL_MS = 60_000;
const BATCH_SIZE = 1_000;

type Path = NonNullable<ErrorDetails['path']>;
const unchanged = (path: Path): Path => path;

/** Far longer than a create may take: the request that made an older claim has ended, well or badly. */
const RECONCILE_AFTER_SECONDS = 900;

/**
 * Reports to media which claims became posts and which did not. Replicas need no lock between them: reconciling a claim twice is
 * harmless, and a lock would be held during requests to another service.
 */
@Injectable()
export class MediaClaimsService {
  constructor(
    private readonly bus: Bus,
    private readonly posts: PostsRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Claims the media of a post, also those that are still processed, and says whether all are READY. `at` tells where in the caller's
   * input the media stand that cannot be claimed.
   */
  async claim(
    { authorId, claimId, mediaIds }: { authorId: string; claimId: string; mediaIds: string[] },
    at: (path: Path) => Path = unchanged,
  ): Promise<boolean> {
    if (mediaIds.length === 0) return true;
    const input = { ownerId: authorId, claimId, purpose: 'post' as const, mediaIds, acceptsProcessing: true };
    try {
      const media = await this.bus.call(mediaRpc.claim, input);
      return media.every(({ status }) => status === 'READY');
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'UNAVAILABLE' || error.code === 'INTERNAL') throw error;
      const path = at(error.details.path ?? ['mediaIds']);
      throw new AppError(error.code, error.message, { ...error.details, path }, { cause: error });
    }
  }

  /** Frees what a draft no longer shows; what cannot be freed now is freed when the draft is saved again. */
  async freeUnused(postId: string): Promise<void> {
    try {
      const draft = await this.posts.claimOf(postId);
      if (!draft) return;
      await this.bus.call(mediaRpc.dropUnused, { claimId: draft.claimId, mediaIds: draft.mediaIds });
      // One that was saved meanwhile may show some of them: whoever frees last claims what is shown then.
      const saved = await this.posts.claimOf(postId);
      if (saved) await this.claim(saved);
    } catch (error) {
      this.log.warn({ err: error, postId }, 'media of a draft not freed yet');
    }
  }

  /** Hides or shows the pictures of a post as its state says; those of a post that is erased go with it. */
  async follow(postId: string): Promise<void> {
    const post = await this.posts.claimOf(postId);
    if (!post) return;
    const { claimId, state, version } = post;
    if (state === 'ARCHIVED' || state === 'DELETED')
      await this.bus.call(mediaRpc.hideClaims, { claimIds: [claimId], version });
    else await this.bus.call(mediaRpc.showClaim, { claimId, version });
  }

  /** Confirms claims that a post was made of, deleted or not, and releases the others, batch after batch. */
  @Every(RECONCILE_INTERVAL_MS, 'reconcile media claims')
  async reconcile(): Promise<void> {
    let claims: string[];
    do {
      claims = await this.bus.call(mediaRpc.unconfirmedClaims, {
        purpose: 'post',
        olderThanSeconds: RECONCILE_AFTER_SECONDS,
        limit: BATCH_SIZE,
      });
      if (claims.length === 0) return;
      const used = new Set(await this.posts.claimsAmong(claims));
      await this.bus.call(mediaRpc.reconcileClaims, {
        confirmed: claims.filter((id) => used.has(id)),
        released: claims.filter((id) => !used.has(id)),
      });
    } while (claims.length === BATCH_SIZE);
  }
}
