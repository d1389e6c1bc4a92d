import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/** Users whom their reporters are to meet no more. */
@Injectable()
export class ReportedUsersRepository {
  /** The report of this user hides them from their reporter. */
  async hide(tx: Tx, reporterId: string, userId: string): Promise<void> {
    await tx.query(HIDE, [reporterId, userId]);
  }

  /** The reporter wants to see this user again; the report stays. */
  async show(tx: Tx, reporterId: string, userId: string): Promise<void> {
    await tx.query(SHOW, [reporterId, userId]);
  }
}

const HIDE = 'update report set hides_user = true where reporter_id = $1 and subject_id = $2 and not hides_user';
const SHOW = 'update report set hides_user = false where reporter_id = $1 and subject_id = $2 and hides_user';
