import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser } from '@fowergram/erasure';

/** The counter goes last, when no delta is left that would be added to it and so make it again. */
@ErasureStep()
export class CountersErasure implements ErasesUser {
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (
      (await tx.query('select 1 as waiting from author_counter_delta where author_id = $1 limit 1', [userId])).length >
      0
    );
  }

  async close(tx: Tx, userId: string): Promise<void> {
    await tx.query('delete from author_counter where author_id = $1', [userId]);
  }
}
