import { Injectable } from '@nestjs/common';
import { AppError, type Parsed } from '@fowergram/contracts-core';
import { type Post, postLifeRpc } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import type { OwnPost } from './own-posts.repository.js';
import { MAX_PINS, PinsRepository } from './pins.repository.js';
import { PostChangesService } from './post-changes.service.js';

type PinInput = Parsed<typeof postLifeRpc.pin>;

/** What stands at the top of a profile. */
@Injectable()
export class PinsService {
  constructor(
    private readonly pins: PinsRepository,
    private readonly changes: PostChangesService,
  ) {}

  pin(input: PinInput, idempotencyKey: string | undefined): Promise<Post> {
    return this.changes.make(
      { contract: postLifeRpc.pin, transition: 'pin', input, idempotencyKey },
      async (tx, post) => {
        await this.checkRoom(tx, post);
        await this.pins.pin(tx, post.id, new Date());
      },
    );
  }

  unpin(input: PinInput, idempotencyKey: string | undefined): Promise<Post> {
    return this.changes.make({ contract: postLifeRpc.unpin, transition: 'unpin', input, idempotencyKey }, (tx, post) =>
      this.pins.unpin(tx, post.id),
    );
  }

  pinned({ viewerId, authorIds }: Parsed<typeof postLifeRpc.pinned>): Promise<Post[]> {
    return this.pins.pinned(viewerId, authorIds);
  }

  private async checkRoom(tx: Tx, { authorId, id }: OwnPost): Promise<void> {
    await this.pins.lock(tx, authorId);
    if (await this.pins.hasRoom(tx, authorId, id)) return;
    throw new AppError('CONFLICT', `A profile has room for ${MAX_PINS} pinned posts.`, {
      path: ['id'],
      reason: 'PIN_LIMIT',
    });
  }
}
