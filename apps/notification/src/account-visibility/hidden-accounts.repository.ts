import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/** An SQL condition: the account in this column is not hidden. A look-up by key for each row, since a join would read the whole table. */
export const isShown = (column: string): string =>
  `(select hidden from hidden_account where user_id = ${column} limit 1) is not true`;

@Injectable()
export class HiddenAccountsRepository {
  /** Lets the erasure of the account wait until the transaction ends. */
  async lockShared(tx: Tx, userId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock_shared(hashtextextended('actor:' || $1, 0))`, [userId]);
  }

  /** Hides or shows an account, unless a newer version of it is stored or it is being erased. */
  async set(tx: Tx, account: { userId: string; version: number; hidden: boolean }): Promise<void> {
    await tx.query(SET, [account.userId, account.version, account.hidden]);
  }
}

const SET = `
  insert into hidden_account as known (user_id, version, hidden)
  select $1::uuid, $2::bigint, $3::boolean where not exists (select from erased_user where user_id = $1::uuid)
  on conflict (user_id) do update set version = excluded.version, hidden = excluded.hidden where known.version < excluded.version`;
