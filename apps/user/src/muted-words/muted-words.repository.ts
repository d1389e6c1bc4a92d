import { Injectable } from '@nestjs/common';
import { foldForMuting } from '@fowergram/contracts-core';
import type { MutedWord, MutedWordList } from '@fowergram/contracts-user';
import { newId, one, type Sql, type Tx } from '@fowergram/database';

interface MutedWordRow {
  id: string;
  text: string;
  expiresAt: Date | null;
}

@Injectable()
export class MutedWordsRepository {
  /** Makes every change of this user's words wait for its turn until the transaction ends, and deletes those whose mute has ended. */
  async lock(tx: Tx, userId: string): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('muted-words:' || $1, 0))`, [userId]);
    await tx.query('delete from muted_word where user_id = $1 and expires_at <= now()', [userId]);
  }

  /** Mutes a word, or gives its mute a new end. */
  async put(tx: Tx, userId: string, text: string, expiresAt: string | null): Promise<MutedWord> {
    return toWord(one(await tx.query<MutedWordRow>(PUT, [newId(), userId, text, foldForMuting(text), expiresAt])));
  }

  /** False when the user has muted no such word. */
  async remove(tx: Tx, userId: string, id: string): Promise<boolean> {
    return (
      (await tx.query('delete from muted_word where id = $1 and user_id = $2 returning 1 as gone', [id, userId]))
        .length > 0
    );
  }

  /** The words that are muted now, latest first. */
  async ofUser(sql: Sql, userId: string): Promise<MutedWord[]> {
    return (await sql.query<MutedWordRow>(OF_USER, [userId])).map(toWord);
  }

  /** Numbers what is muted now: later changes have higher versions. */
  async asList(tx: Tx, userId: string): Promise<MutedWordList> {
    const { version } = one(await tx.query<{ version: number }>(`select nextval('edge_version') as version`, []));
    const words = await this.ofUser(tx, userId);
    return { userId, version, words: words.map(({ text, expiresAt }) => ({ text, expiresAt })) };
  }
}

const PUT = `
  insert into muted_word (id, user_id, text, folded, expires_at, created_at) values ($1, $2, $3, $4, $5, clock_timestamp())
  on conflict (user_id, folded) do update set text = excluded.text, expires_at = excluded.expires_at
  returning id, text, expires_at as "expiresAt"`;

const OF_USER = `
  select id, text, expires_at as "expiresAt" from muted_word
  where user_id = $1 and (expires_at is null or expires_at > now())
  order by created_at desc, id desc`;

const toWord = ({ expiresAt, ...word }: MutedWordRow): MutedWord => ({
  ...word,
  expiresAt: expiresAt?.toISOString() ?? null,
});
