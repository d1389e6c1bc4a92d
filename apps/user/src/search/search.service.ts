import { Injectable } from '@nestjs/common';
import { type Page, type Parsed, toPage } from '@fowergram/contracts-core';
import type { discoveryRpc } from '@fowergram/contracts-user';
import {
  type BeginningGroup,
  type Found,
  foundKeyset,
  type Group,
  GROUPS,
  type Hit,
  placeIn,
  withoutAt,
} from './search.rules.js';
import { SearchRepository } from './search.repository.js';

type SearchInput = Parsed<typeof discoveryRpc.search>;

interface Question {
  text: string;
  viewerId: string | null;
  after: Found | undefined;
}

/** Finds users by their names; similar names are asked for only where those that begin so do not fill the page. */
@Injectable()
export class SearchService {
  constructor(private readonly repository: SearchRepository) {}

  async search({ query, viewerId, first, after }: SearchInput): Promise<Page<string>> {
    const text = (await this.repository.foldedText(withoutAt(query))).trim();
    const question = { text, viewerId: viewerId ?? null, after: after ? foundKeyset.keyOf(after) : undefined };
    const found = text === '' ? [] : await this.find(question, first + 1);
    return toPage(found, first, (hit) => ({ cursor: foundKeyset.cursorOf(hit), node: hit.id }));
  }

  /** Whom the viewer does not follow comes first by name, since that costs little and says whether similar names are needed at all. */
  private async find(question: Question, limit: number): Promise<Found[]> {
    const [exact, byUsername, byDisplayName] = await Promise.all([
      question.after ? [] : this.findExact(question),
      this.findByBeginning('othersByUsername', question),
      this.findByBeginning('othersByDisplayName', question),
    ]);
    const asksForSimilar = exact.length + byUsername.length + byDisplayName.length < limit;
    const [followed, bySimilarity] = await Promise.all([
      this.findFollowed(question, asksForSimilar),
      asksForSimilar ? this.findSimilar(question) : [],
    ]);
    const others = [...byUsername, ...byDisplayName, ...bySimilarity];
    const inGroups = GROUPS.flatMap((_, group) => [...followed, ...others].filter((hit) => hit.group === group));
    return [...exact, ...inGroups].slice(0, limit);
  }

  private async findExact({ text, viewerId }: Question): Promise<Found[]> {
    const ids = await this.repository.exact(text, viewerId);
    return ids.map((id) => ({ group: -1, id, key: text }));
  }

  private async findByBeginning(group: BeginningGroup, { text, viewerId, after }: Question): Promise<Found[]> {
    const place = placeIn(group, text, after);
    return place ? inGroup(group, await this.repository.byBeginning(group, text, viewerId, place)) : [];
  }

  private async findSimilar({ text, viewerId, after }: Question): Promise<Found[]> {
    const place = placeIn('othersBySimilarity', text, after);
    return place ? inGroup('othersBySimilarity', await this.repository.similar(text, viewerId, place, !after)) : [];
  }

  /** Without a session nobody is followed. */
  private async findFollowed({ text, viewerId, after }: Question, asksForSimilar: boolean): Promise<Found[]> {
    if (viewerId === null) return [];
    const places = {
      followedByUsername: placeIn('followedByUsername', text, after),
      followedByDisplayName: placeIn('followedByDisplayName', text, after),
      followedBySimilarity: placeIn('followedBySimilarity', text, after),
    };
    const hits = await this.repository.followed(text, viewerId, places, asksForSimilar, !after);
    return hits.map((hit) => ({ ...hit, group: GROUPS.indexOf(hit.group) }));
  }
}

const inGroup = (group: Group, hits: Hit[]): Found[] => hits.map((hit) => ({ ...hit, group: GROUPS.indexOf(group) }));
