import { Injectable } from '@nestjs/common';
import { postEvent } from '@fowergram/contracts-post';
import type { Relation } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { eventRow, Outbox } from '@fowergram/outbox';
import { CoAuthorsRepository, type Shared } from './co-authors.repository.js';
import { type Pair, SharedPostsRepository } from './shared-posts.repository.js';

/** What ends a co-authorship besides those whose it is, and what is said of its end. */
@Injectable()
export class EndedCoAuthorshipsService {
  constructor(
    private readonly coAuthors: CoAuthorsRepository,
    private readonly shared: SharedPostsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Whether some of these are in a block and may share something: nearly none do. Asked before the transaction, which stays short. */
  async mayEndByBlocks(relations: Relation[]): Promise<boolean> {
    const pairs = pairsInBlocks(relations);
    return pairs.length > 0 && (await this.shared.haveAny(pairs));
  }

  /**
   * Ends what those share who are in a block from now on; the relations are stored in the same transaction, before. A block is said
   * twice, by a command and an event: whoever comes second ends what was shared while the first was under way, unless the block is over.
   */
  async endByBlocks(tx: Tx, relations: Relation[]): Promise<void> {
    const pairs = pairsInBlocks(relations);
    await this.shared.lock(tx, pairs);
    const ended = await this.shared.endedBy(tx, pairs);
    for (const userId of new Set(ended.map((shared) => shared.userId))) {
      const postIds = ended.filter((shared) => shared.userId === userId).map(({ postId }) => postId);
      await this.publish(tx, await this.coAuthors.remove(tx, userId, postIds));
    }
  }

  /** Takes the notifications of it away. */
  async publish(tx: Tx, ended: Shared[]): Promise<void> {
    if (ended.length === 0) return;
    const fact = { version: await this.coAuthors.nextVersion(tx), at: new Date().toISOString() };
    await this.outbox.addAll(
      tx,
      ended.map((shared) => eventRow(postEvent.coAuthorEnded, { ...shared, ...fact })),
    );
  }
}

const pairsInBlocks = (relations: Relation[]): Pair[] =>
  relations
    .filter(({ blocked }) => blocked)
    .flatMap(({ viewerId, authorId }): Pair[] => [
      [viewerId, authorId],
      [authorId, viewerId],
    ]);
