import { Injectable } from '@nestjs/common';
import { MutedWords } from '@fowergram/contracts-core';
import type { MutedWordList } from '@fowergram/contracts-user';
import { Database, type Sql } from '@fowergram/database';

/** A value of the column muted_words.words; null where the user has never muted a word. */
export type StoredWords = MutedWordList['words'] | null;

/** Those of the words whose mute has not ended; undefined when there are none. */
export function mutedNow(words: StoredWords): MutedWords | undefined {
  const now = new Date().toISOString();
  const texts = (words ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ text }) => text);
  return texts.length === 0 ? undefined : new MutedWords(texts);
}

/** An SQL expression: the words that the user in this column or parameter has muted. */
export const mutedWordsOf = (user: string): string => `(select words from muted_words where user_id = ${user})`;

/** What users do not want to read. */
@Injectable()
export class MutedWordsRepository {
  constructor(private readonly db: Database) {}

  /** The words that a user has muted now; undefined when there are none. */
  async of(userId: string, sql: Sql = this.db): Promise<MutedWords | undefined> {
    return (await this.ofUsers([userId], sql)).get(userId);
  }

  /** Those of the users who have muted words now, with them. */
  async ofUsers(userIds: string[], sql: Sql = this.db): Promise<Map<string, MutedWords>> {
    const rows = await sql.query<{ userId: string; words: MutedWordList['words'] }>(OF_USERS, [userIds]);
    return new Map(
      rows.flatMap(({ userId, words }) => {
        const muted = mutedNow(words);
        return muted ? [[userId, muted] as const] : [];
      }),
    );
  }
}

const OF_USERS = 'select user_id as "userId", words from muted_words where user_id = any($1::uuid[])';
