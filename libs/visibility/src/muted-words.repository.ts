import { Injectable } from '@nestjs/common';
import { MutedWords } from '@fowergram/contracts-core';
import type { MutedWordList } from '@fowergram/contracts-user';
import { Database, type Qualified, type Sql } from '@fowergram/database';

/** An SQL condition: the user has muted words, though the mute of each may have ended. Nearly all have none, and are asked no more. */
export const mutesWords = (user: Qualified): string =>
  `exists (select from muted_words where user_id = ${user} and words <> '[]')`;

/** What users do not want to read. */
@Injectable()
export class MutedWordsRepository {
  constructor(private readonly db: Database) {}

  /** The words that a user has muted now; undefined when there are none. */
  async of(userId: string, sql: Sql = this.db): Promise<MutedWords | undefined> {
    const [row] = await sql.query<{ words: MutedWordList['words'] }>(OF_USER, [userId]);
    const now = new Date().toISOString();
    const muted = (row?.words ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    return muted.length === 0 ? undefined : new MutedWords(muted.map(({ text }) => text));
  }
}

const OF_USER = 'select words from muted_words where user_id = $1';
