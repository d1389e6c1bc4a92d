import { Injectable } from '@nestjs/common';
import { Database, one } from '@fowergram/database';
import type { Group, Hit, Place } from './search.rules.js';
import { EXACT, FOLDED, GROUP_STATEMENTS } from './search-groups.sql.js';

@Injectable()
export class SearchRepository {
  constructor(private readonly db: Database) {}

  /** The text as names are stored for searches: without accents, case and ways to write a letter. */
  async foldedText(text: string): Promise<string> {
    return one(await this.db.query<{ folded: string }>(FOLDED, [text])).folded;
  }

  /** Whoever has exactly this username. */
  async exact(text: string, viewerId: string | null): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(EXACT, [text, viewerId]);
    return rows.map(({ id }) => id);
  }

  /** Those of one group of the results behind a place in it, in their order; more than the longest page has, where there are. */
  group(group: Group, text: string, viewerId: string | null, { key, id }: Place): Promise<Hit[]> {
    return this.db.query<Hit>(GROUP_STATEMENTS[group], [text, viewerId, key, id]);
  }
}
