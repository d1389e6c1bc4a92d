import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;

/** Deletes whom the bio of a user mentions, and that bios of others mention the user. */
@ErasureStep()
export class BioMentionsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const values = [userId, sizeOf(BATCH_SIZE)];
    return (await tx.query(ERASE_OWN, values)).length > 0 || (await tx.query(ERASE_OF_USER, values)).length > 0;
  }
}

// By the places of the rows, since a mention has no key of one column; rows that somebody else is removing are left out, not waited for.
const erase = (column: string): string => `
  delete from bio_mention where ctid = any(array(
    select ctid from bio_mention where ${column} = $1 limit $2 for update skip locked
  )) returning true as gone`;

const ERASE_OWN = erase('user_id');
const ERASE_OF_USER = erase('mentioned_id');
