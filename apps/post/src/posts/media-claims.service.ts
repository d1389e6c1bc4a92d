import { Injectable } from '@nestjs/common';
import { mediaRpc } from '@fowergram/contracts-media';
import { Bus } from '@fowergram/messaging';
import { Every } from '@fowergram/service-kit';
import { PostsRepository } from './posts.repository.js';

const RECONCILE_INTERVAL_MS = 60_000;
const BATCH_SIZE = 1_000;

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
  ) {}

  /** Hides the pictures of a post that was deleted; those of a post that is erased go with it. */
  async hide(postId: string): Promise<void> {
    const claimId = await this.posts.claimOf(postId);
    if (claimId) await this.bus.call(mediaRpc.hideClaims, { claimIds: [claimId] });
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
