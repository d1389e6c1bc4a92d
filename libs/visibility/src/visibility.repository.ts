import { Injectable } from '@nestjs/common';
import type { AccountVisibility, MutedWordList, Relation, VisibilityChanges } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';

/** The registers of accounts and relations; of each the highest version wins, and nothing is written of somebody who is being erased. */
@Injectable()
export class VisibilityRepository {
  /** Stores what is newer than what is known. */
  async apply(tx: Tx, { relations, accounts, mutedWords }: VisibilityChanges): Promise<void> {
    if (accounts.length > 0) await this.setAccounts(tx, accounts);
    if (relations.length > 0) await this.setRelations(tx, relations);
    if (mutedWords) await this.setMutedWords(tx, mutedWords);
  }

  /** Hides an account whatever version of it is stored. */
  async hide(tx: Tx, userId: string): Promise<void> {
    await tx.query(HIDE, [userId]);
  }

  private async setMutedWords(tx: Tx, { userId, version, words }: MutedWordList): Promise<void> {
    await tx.query(SET_MUTED_WORDS, [userId, version, JSON.stringify(words)]);
  }

  private async setAccounts(tx: Tx, accounts: AccountVisibility[]): Promise<void> {
    await tx.query(SET_ACCOUNTS, [
      accounts.map(({ userId }) => userId),
      accounts.map(({ version }) => version),
      accounts.map(({ hidden }) => hidden),
      accounts.map(({ isPrivate }) => isPrivate),
    ]);
  }

  private async setRelations(tx: Tx, relations: Relation[]): Promise<void> {
    await tx.query(SET_RELATIONS, [
      relations.map(({ viewerId }) => viewerId),
      relations.map(({ authorId }) => authorId),
      relations.map(({ version }) => version),
      relations.map(({ follows }) => follows),
      relations.map(({ closeFriend }) => closeFriend),
      relations.map(({ blocked }) => blocked),
      relations.map(({ postsMutedUntil }) => postsMutedUntil),
      relations.map(({ notificationsMutedUntil }) => notificationsMutedUntil),
      relations.map(({ reported }) => reported),
    ]);
  }
}

// Rows are written in the order of their keys, so that two who write the same ones do not wait for each other.
const SET_ACCOUNTS = `
  insert into hidden_account as known (user_id, version, hidden, is_private)
  select distinct on (user_id) user_id, version, hidden, is_private
  from unnest($1::uuid[], $2::bigint[], $3::boolean[], $4::boolean[]) as given (user_id, version, hidden, is_private)
  where may_write(user_id)
  order by user_id, version desc
  on conflict (user_id) do update set version = excluded.version, hidden = excluded.hidden, is_private = excluded.is_private
  where known.version < excluded.version`;

const SET_RELATIONS = `
  insert into relation as known
    (viewer_id, author_id, version, follows, close_friend, blocked, posts_muted_until, notifications_muted_until, reported)
  select distinct on (viewer_id, author_id) given.*
  from unnest(
    $1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[], $5::boolean[], $6::boolean[], $7::timestamptz[], $8::timestamptz[],
    $9::boolean[]
  ) as given (viewer_id, author_id, version, follows, close_friend, blocked, posts_muted_until, notifications_muted_until, reported)
  where may_write(viewer_id) and may_write(author_id)
  order by viewer_id, author_id, version desc
  on conflict (viewer_id, author_id) do update set
    version = excluded.version, follows = excluded.follows, close_friend = excluded.close_friend, blocked = excluded.blocked,
    posts_muted_until = excluded.posts_muted_until, notifications_muted_until = excluded.notifications_muted_until,
    reported = excluded.reported, changed_at = now()
  where known.version < excluded.version`;

const SET_MUTED_WORDS = `
  insert into muted_words as known (user_id, version, words) select $1::uuid, $2::bigint, $3::jsonb where may_write($1::uuid)
  on conflict (user_id) do update set version = excluded.version, words = excluded.words where known.version < excluded.version`;

const HIDE = `
  insert into hidden_account (user_id, version, hidden, is_private) values ($1, 0, true, false)
  on conflict (user_id) do update set hidden = true`;
