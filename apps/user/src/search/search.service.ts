import { Injectable } from '@nestjs/common';
import { type Page, type Parsed, toPage } from '@fowergram/contracts-core';
import type { discoveryRpc } from '@fowergram/contracts-user';
import { type Found, foundKeyset, GROUPS, placeIn, withoutAt } from './search.rules.js';
import { SearchRepository } from './search.repository.js';

type SearchInput = Parsed<typeof discoveryRpc.search>;

interface Question {
  text: string;
  viewerId: string | null;
  after: Found | undefined;
}

/** Finds users by their names; only as many groups of results are asked for as a page takes. */
@Injectable()
export class SearchService {
  constructor(private readonly repository: SearchRepository) {}

  async search({ query, viewerId, first, after }: SearchInput): Promise<Page<string>> {
    const text = (await this.repository.foldedText(withoutAt(query))).trim();
    const question = { text, viewerId: viewerId ?? null, after: after ? foundKeyset.keyOf(after) : undefined };
    const found = text === '' ? [] : await this.find(question, first + 1);
    return toPage(found, first, (hit) => ({ cursor: foundKeyset.cursorOf(hit), node: hit.id }));
  }

  private async find(question: Question, limit: number): Promise<Found[]> {
    const found = question.after ? [] : await this.findExact(question);
    for (const group of GROUPS.keys()) {
      if (found.length >= limit) break;
      found.push(...(await this.findIn(group, question, limit - found.length)));
    }
    return found;
  }

  private async findExact({ text, viewerId }: Question): Promise<Found[]> {
    const ids = await this.repository.exact(text, viewerId);
    return ids.map((id) => ({ group: -1, id, key: text }));
  }

  private async findIn(group: number, { text, viewerId, after }: Question, limit: number): Promise<Found[]> {
    const place = placeIn(group, text, after);
    const name = GROUPS[group]!;
    // Without a session nobody is followed.
    if (!place || (viewerId === null && name.startsWith('followed'))) return [];
    const hits = await this.repository.group(name, text, viewerId, place);
    return hits.slice(0, limit).map((hit) => ({ ...hit, group }));
  }
}
