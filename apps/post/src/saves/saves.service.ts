import { Injectable } from '@nestjs/common';
import { AppError, notFound, type Page, type Parsed, readingOnByTime } from '@fowergram/contracts-core';
import { MAX_SAVES, type Post, saveRpc } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { PostAnswersService } from '../posts/post-answers.service.js';
import { PostsRepository } from '../posts/posts.repository.js';
import { CollectionsRepository } from './collections.repository.js';
import { SavesRepository } from './saves.repository.js';

type Save = Parsed<typeof saveRpc.save>;

/** What users keep for themselves. Nobody else sees it; the author of a post learns how many have saved it. */
@Injectable()
export class SavesService {
  constructor(
    private readonly db: Database,
    private readonly saves: SavesRepository,
    private readonly collections: CollectionsRepository,
    private readonly posts: PostsRepository,
    private readonly answers: PostAnswersService,
  ) {}

  save(input: Save, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(saveRpc.save, input, idempotencyKey, async (tx) => {
      const at = new Date();
      if (!(await this.saves.hasRoom(tx, input, MAX_SAVES))) throw tooManySaves();
      await this.saves.insert(tx, input, at);
      if (input.collectionId) await this.collections.put(tx, input.collectionId, input, at);
    });
  }

  unsave(input: Save, idempotencyKey: string | undefined): Promise<Post> {
    return this.change(saveRpc.unsave, input, idempotencyKey, (tx) =>
      input.collectionId
        ? this.collections.takeOut(tx, input.collectionId, input.postId)
        : this.saves.remove(tx, input),
    );
  }

  savedPosts({ userId, ...page }: Parsed<typeof saveRpc.savedPosts>): Promise<Page<Post>> {
    return readPlaced(readingOnByTime(page), (next) => this.saves.savedPosts(userId, next));
  }

  savedAmong({ userId, ids }: Parsed<typeof saveRpc.savedAmong>): Promise<{ id: string }[]> {
    return this.saves.savedAmong(userId, ids);
  }

  private async change(
    contract: typeof saveRpc.save | typeof saveRpc.unsave,
    input: Save,
    idempotencyKey: string | undefined,
    effect: (tx: Tx) => Promise<void>,
  ): Promise<Post> {
    return this.db.transaction((tx) =>
      this.answers.answer(tx, idempotencyKey, contract, input, async () => {
        if (!(await this.saves.lock(tx, input))) throw accountIsDeleted();
        if ((await this.posts.byIds(tx, [input.postId], input.userId)).length === 0) throw notFound('post', ['postId']);
        if (input.collectionId && !(await this.collections.lockShared(tx, input.collectionId, input.userId)))
          throw notFound('collection', ['collectionId']);
        await effect(tx);
      }),
    );
  }
}

const tooManySaves = (): AppError =>
  new AppError('FORBIDDEN', `Nobody can save more than ${MAX_SAVES} posts.`, { reason: 'SAVE_LIMIT' });
