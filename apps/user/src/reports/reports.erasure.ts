import type { Tx } from '@fowergram/database';
import { ErasureStep, type ErasesUser, type SizeOf } from '@fowergram/erasure';

const BATCH_SIZE = 500;

/** Deletes what a user has reported, and counts it off; and all reports about the user, which nobody has to answer any more. */
@ErasureStep()
export class ReportsErasure implements ErasesUser {
  async eraseBatch(tx: Tx, userId: string, sizeOf: SizeOf): Promise<boolean> {
    const limit = sizeOf(BATCH_SIZE);
    const made = await tx.query<{ caseId: string }>(ERASE_MADE, [userId, limit]);
    if (made.length > 0) await this.countOff(tx, [...new Set(made.map(({ caseId }) => caseId))]);
    const cases = await tx.query(ERASE_CASES, [userId, limit]);
    const about = await tx.query(ERASE_ABOUT, [userId, limit]);
    return made.length + cases.length + about.length > 0;
  }

  /** A batch leaves out rows that somebody else holds. */
  async isPending(tx: Tx, userId: string): Promise<boolean> {
    return (await tx.query(IS_PENDING, [userId])).length > 0;
  }

  /** Counts anew what is left, behind the lock on which a new report waits; a case of which nothing is left goes. */
  private async countOff(tx: Tx, caseIds: string[]): Promise<void> {
    await tx.query(LOCK_CASES, [caseIds]);
    await tx.query(COUNT, [caseIds]);
    await tx.query('delete from report_case where id = any($1::uuid[]) and report_count = 0', [caseIds]);
  }
}

// Rows that somebody else is removing are left out, not waited for: two erasures that share rows never wait for each other.
const ERASE_MADE = `
  delete from report where id = any(array(select id from report where reporter_id = $1 limit $2 for update skip locked))
  returning case_id as "caseId"`;
const ERASE_CASES = `
  delete from report_case where id = any(array(select id from report_case where owner_id = $1 limit $2 for update skip locked))
  returning 1 as gone`;
const ERASE_ABOUT = `
  delete from report where id = any(array(select id from report where owner_id = $1 limit $2 for update skip locked))
  returning 1 as gone`;

const LOCK_CASES = 'select from report_case where id = any($1::uuid[]) order by id for update';
const COUNT = `
  update report_case set report_count = (select count(*) from report where case_id = report_case.id) where id = any($1::uuid[])`;

const IS_PENDING = `
  (select from report where reporter_id = $1 limit 1)
  union all (select from report where owner_id = $1 limit 1)
  union all (select from report_case where owner_id = $1 limit 1)`;
