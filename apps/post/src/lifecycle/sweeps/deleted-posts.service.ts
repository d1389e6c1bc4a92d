import { Injectable } from '@nestjs/common';
import { mediaRpc } from '@fowergram/contracts-media';
import { postEvent } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { ErasureSteps } from '@fowergram/erasure';
import { Bus } from '@fowergram/messaging';
import { eventRow, Outbox } from '@fowergram/outbox';
import { Every } from '@fowergram/service-kit';
import { DeletedPostsRepository, type ExpiredPost } from './deleted-posts.repository.js';

const SWEEP_INTERVAL_MS = 60_000;
const BATCH_SIZE = 20;

/** Erases posts that nobody can restore any more, with their pictures and all that hangs on them. */
@Injectable()
export class DeletedPostsService {
  constructor(
    private readonly db: Database,
    private readonly deleted: DeletedPostsRepository,
    private readonly steps: ErasureSteps,
    private readonly bus: Bus,
    private readonly outbox: Outbox,
  ) {}

  /** The pictures go first: a post without a row could not name them any more. Each step may be done again. */
  @Every(SWEEP_INTERVAL_MS, 'erase deleted posts')
  async eraseExpired(): Promise<void> {
    for (let posts = await this.deleted.expired(BATCH_SIZE); posts.length > 0;) {
      await this.bus.call(mediaRpc.eraseClaims, { claimIds: posts.map(({ claimId }) => claimId) });
      if (!(await this.db.transaction((tx) => this.removeSome(tx, posts)))) return;
      this.outbox.trigger();
      posts = await this.deleted.expired(BATCH_SIZE);
    }
  }

  /** False when others are at it. */
  private async removeSome(tx: Tx, posts: ExpiredPost[]): Promise<boolean> {
    const ids = new Set(
      await this.deleted.take(
        tx,
        posts.map(({ id }) => id),
      ),
    );
    if (ids.size === 0) return false;
    if (await this.steps.eraseOf(tx, 'post', [...ids], (full) => full)) return true;
    await this.deleted.remove(tx, [...ids]);
    const gone = posts.filter(({ id }) => ids.has(id));
    await this.outbox.addAll(
      tx,
      gone.map(({ id, authorId }) => eventRow(postEvent.deleted, { postId: id, authorId })),
    );
    return true;
  }
}
