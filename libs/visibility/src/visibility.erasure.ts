import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 2_000;

/** Late, since until nothing else is left of the user the relations say who may not see it. */
@ErasureStep({ order: 1 })
export class VisibilityErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, sizeOf(BATCH_SIZE)])).length > 0;
  }

  /** The account stays hidden until nothing of it is left to show. */
  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from hidden_account where user_id = $1', [userId]);
    await tx.query('delete from muted_words where user_id = $1', [userId]);
  }
}

// By the places of the rows, since a relation has no key of one column.
const ERASE = `
  delete from relation where ctid = any(array(
    (select ctid from relation where viewer_id = $1 limit $2) union all (select ctid from relation where author_id = $1 limit $2)
  )) returning 1 as gone`;
