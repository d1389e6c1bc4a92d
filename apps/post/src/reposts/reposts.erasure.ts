import { postEvent } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { ErasureStep, ErasureSteps, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { eventRow, Outbox } from '@fowergram/outbox';

const BATCH_SIZE = 20;

interface Repost {
  id: string;
  authorId: string;
  isDeleted: boolean;
}

/** Deletes what passed on a post that goes; a user's own reposts go as their posts do. */
@ErasureStep({ hangsOn: 'post' })
export class RepostsErasure implements ErasesUser {
  constructor(
    private readonly outbox: Outbox,
    private readonly steps: ErasureSteps,
  ) {}

  /** With everything that hangs on the reposts themselves, of which there are no reposts. */
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    const reposts = await tx.query<Repost>(OF_POSTS, [postIds, sizeOf(BATCH_SIZE)]);
    if (reposts.length === 0) return false;
    const ids = reposts.map(({ id }) => id);
    if (await this.steps.eraseOf(tx, 'post', ids, sizeOf)) return true;
    await tx.query('delete from post where id = any($1::uuid[])', [ids]);
    const shown = reposts.filter(({ isDeleted }) => !isDeleted);
    await this.outbox.addAll(
      tx,
      shown.map(({ id, authorId }) => eventRow(postEvent.deleted, { postId: id, authorId })),
    );
    return true;
  }
}

// Nobody sees them since the post is deleted: likes and comments of them that are under way are waited for, later ones find nothing.
const OF_POSTS = `
  select id, author_id as "authorId", state = 'DELETED' as "isDeleted", pg_advisory_xact_lock(hashtextextended('post:' || id, 0))
  from (
    select found.* from unnest($1::uuid[]) as gone (id)
    cross join lateral (select id, author_id, state from post where repost_of = gone.id order by id limit $2) found
    limit $2
  ) found`;
