import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 5_000;

/** Deletes what posts said before, which is their author's and goes with them. */
@ErasureStep({ hangsOn: 'post' })
export class EditsErasure implements ErasesUser {
  async eraseOf(tx: Tx, postIds: string[], sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [postIds, sizeOf(BATCH_SIZE)])).length > 0;
  }
}

// By the places of the rows, since they have no key of one column.
const ERASE = `
  delete from post_edit where ctid = any(array(
    select ctid from post_edit where post_id = any($1::uuid[]) limit $2
  )) returning 1 as gone`;
