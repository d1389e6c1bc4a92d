import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodePosition,
  encodePosition,
  NEWEST,
  notFound,
  type Output,
  type Page,
  type Parsed,
  readingOnByTime,
  toPage,
} from '@fowergram/contracts-core';
import { type Collection, collectionRpc, MAX_COLLECTIONS, type Post } from '@fowergram/contracts-post';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { readPlaced } from '../posts/placed-posts.repository.js';
import { CollectionsRepository } from './collections.repository.js';

/** The named parts of what a user has saved. */
@Injectable()
export class CollectionsService {
  constructor(
    private readonly db: Database,
    private readonly collections: CollectionsRepository,
  ) {}

  create(input: Parsed<typeof collectionRpc.create>, idempotencyKey: string | undefined): Promise<Collection> {
    const { userId, name } = input;
    return this.change(collectionRpc.create, input, idempotencyKey, async (tx) => {
      if ((await this.collections.count(tx, userId)) >= MAX_COLLECTIONS) throw tooManyCollections();
      return this.collections.insert(tx, userId, name, new Date());
    });
  }

  rename(input: Parsed<typeof collectionRpc.rename>, idempotencyKey: string | undefined): Promise<Collection> {
    return this.change(collectionRpc.rename, input, idempotencyKey, async (tx) => {
      const renamed = await this.collections.rename(tx, input.id, input.userId, input.name);
      if (!renamed) throw notFound('collection', ['id']);
      return renamed;
    });
  }

  delete(
    input: Parsed<typeof collectionRpc.delete>,
    idempotencyKey: string | undefined,
  ): Promise<Record<string, never>> {
    return this.change(collectionRpc.delete, input, idempotencyKey, async (tx) => {
      await this.collections.remove(tx, input.id, input.userId);
      return {};
    });
  }

  async list({ userId, first, after }: Parsed<typeof collectionRpc.list>): Promise<Page<Collection>> {
    const position = after ? decodePosition(after) : NEWEST;
    const found = await this.collections.ofOwner(userId, position, first + 1);
    return toPage(found, first, (collection) => ({
      cursor: encodePosition({ at: new Date(collection.createdAt), id: collection.id }),
      node: collection,
    }));
  }

  byIds({ userId, ids }: Parsed<typeof collectionRpc.byIds>): Promise<Collection[]> {
    return this.collections.byIds(userId, ids);
  }

  postCounts({
    userId,
    ids,
  }: Parsed<typeof collectionRpc.postCounts>): Promise<Output<typeof collectionRpc.postCounts>> {
    return this.collections.postCounts(userId, ids);
  }

  async posts({ userId, collectionId, ...page }: Parsed<typeof collectionRpc.posts>): Promise<Page<Post>> {
    if ((await this.collections.byIds(userId, [collectionId])).length === 0)
      throw notFound('collection', ['collectionId']);
    return readPlaced(readingOnByTime(page), (next) => this.collections.posts(collectionId, userId, next));
  }

  /** What a user does to their collections is done one after the other. */
  private change<C extends typeof collectionRpc.create | typeof collectionRpc.rename | typeof collectionRpc.delete>(
    contract: C,
    input: Parsed<C>,
    idempotencyKey: string | undefined,
    effect: (tx: Tx) => Promise<Output<C>>,
  ): Promise<Output<C>> {
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        if (!(await this.collections.lock(tx, input.userId))) throw accountIsDeleted();
        return effect(tx);
      }),
    );
  }
}

const tooManyCollections = (): AppError =>
  new AppError('FORBIDDEN', `Nobody can have more than ${MAX_COLLECTIONS} collections.`, {
    reason: 'COLLECTION_LIMIT',
  });
