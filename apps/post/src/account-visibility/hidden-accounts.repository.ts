import { Injectable } from '@nestjs/common';
import type { Tx } from '@fowergram/database';

/**
 * An SQL condition: the account in this column is not hidden. What hidden accounts have written is left out by every read, and counted
 * all the same. A look-up by key for each row: as a join, the planner would read and hash the whole table for every page.
 */
export const isShown = (column: string): string =>
  `(select hidden from hidden_account where user_id = ${column} limit 1) is not true`;

/** The same, but users see what is their own: a reactivated account must not wait for the event of it. */
export const isShownTo = (viewer: string, column: string): string => `(${column} = ${viewer} or ${isShown(column)})`;

@Injectable()
export class HiddenAccountsRepository {
  /** Hides or shows an account, unless a newer version of it is stored or it is being erased. */
  async set(tx: Tx, account: { userId: string; version: number; hidden: boolean }): Promise<void> {
    await tx.query(SET, [account.userId, account.version, account.hidden]);
  }

  /** Hides an account whatever version of it is stored. */
  async hide(tx: Tx, userId: string): Promise<void> {
    await tx.query(HIDE, [userId]);
  }
}

const SET = `
  insert into hidden_account as known (user_id, version, hidden) select $1::uuid, $2::bigint, $3::boolean where may_write($1::uuid)
  on conflict (user_id) do update set version = excluded.version, hidden = excluded.hidden where known.version < excluded.version`;

const HIDE =
  'insert into hidden_account (user_id, version, hidden) values ($1, 0, true) on conflict (user_id) do update set hidden = true';
