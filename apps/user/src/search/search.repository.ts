import { Injectable } from '@nestjs/common';
import { Database, one } from '@fowergram/database';
import type { FollowedGroup, Hit, OthersGroup, Place } from './search.rules.js';
import { EXACT, FOLDED, FOLLOWED_GROUPS, OTHERS } from './search-groups.sql.js';

export interface FollowedHit extends Hit {
  group: FollowedGroup;
}

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

  /**
   * Those of a group whom the viewer does not follow, behind a place in it, in their order; more than the longest page has, where there
   * are.
   */
  others(group: OthersGroup, text: string, viewerId: string | null, { key, id }: Place): Promise<Hit[]> {
    return this.db.query<Hit>(OTHERS[group], [text, viewerId, key, id]);
  }

  /** The same of those whom the viewer follows, of all groups that have a place; similar names only where they are asked for. */
  followed(
    text: string,
    viewerId: string,
    places: Record<FollowedGroup, Place | undefined>,
    asksForSimilar: boolean,
  ): Promise<FollowedHit[]> {
    const { followedByUsername, followedByDisplayName, followedBySimilarity } = places;
    const behind = [followedByUsername, followedByDisplayName, followedBySimilarity];
    const keys = behind.flatMap((place) => [place?.key ?? null, place?.id ?? null]);
    return this.db.query<FollowedHit>(FOLLOWED_GROUPS, [text, viewerId, ...keys, asksForSimilar]);
  }
}
