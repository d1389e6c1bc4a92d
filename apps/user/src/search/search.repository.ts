import { Injectable } from '@nestjs/common';
import { Database, one, Replicas } from '@fowergram/database';
import type { BeginningGroup, FollowedGroup, Hit, Place } from './search.rules.js';
import { BY_BEGINNING, EXACT, FOLDED, FOLLOWED_GROUPS, SIMILAR_OTHERS } from './search-groups.sql.js';

export interface FollowedHit extends Hit {
  group: FollowedGroup;
}

@Injectable()
export class SearchRepository {
  constructor(
    private readonly db: Database,
    private readonly replicas: Replicas,
  ) {}

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
   * Those whom the viewer does not follow and whose name begins so, behind a place, in their order; more than the longest page has, where there
   * are.
   */
  byBeginning(group: BeginningGroup, text: string, viewerId: string | null, { key, id }: Place): Promise<Hit[]> {
    return this.replicas.query<Hit>(BY_BEGINNING[group], [text, viewerId, key, id]);
  }

  /** The same of similar names, of which there are none where very many begin so. */
  similar(text: string, viewerId: string | null, { key, id }: Place, isFirstPage: boolean): Promise<Hit[]> {
    return this.replicas.query<Hit>(SIMILAR_OTHERS, [text, viewerId, key, id, isFirstPage]);
  }

  /** The same of those whom the viewer follows, of all groups that have a place; similar names only where they are asked for. */
  followed(
    text: string,
    viewerId: string,
    places: Record<FollowedGroup, Place | undefined>,
    asksForSimilar: boolean,
    isFirstPage: boolean,
  ): Promise<FollowedHit[]> {
    const { followedByUsername, followedByDisplayName, followedBySimilarity } = places;
    const behind = [followedByUsername, followedByDisplayName, followedBySimilarity];
    const keys = behind.flatMap((place) => [place?.key ?? null, place?.id ?? null]);
    return this.replicas.query<FollowedHit>(FOLLOWED_GROUPS, [text, viewerId, ...keys, asksForSimilar, isFirstPage]);
  }
}
