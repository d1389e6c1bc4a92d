import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';
import { TELLS_OF_DELETION } from '../events/reported-events.rules.js';

const BATCH_SIZE = 1_000;

/** Deletes from the ledger what names a user, but for what tells others to delete: that goes with the ledger. */
@ErasureStep()
export class WebhooksErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    return (await tx.query(ERASE, [userId, TELLS_OF_DELETION, sizeOf(BATCH_SIZE)])).length > 0;
  }
}

const ERASE = `
  delete from webhook_delivery where id = any(array(
    select id from webhook_delivery where user_ids @> array[$1::uuid] and event <> all($2::text[]) limit $3
  ))
  returning 1 as gone`;
