import { Injectable } from '@nestjs/common';
import { decodePosition, NEWEST, type Page, type Parsed, type Position } from '@fowergram/contracts-core';
import type { Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import { FoundPostsService, type Stretch } from './found-posts.service.js';
import { PostSearchRepository, type Question } from './post-search.repository.js';

/** Finds posts by the words of their captions. */
@Injectable()
export class PostSearchService {
  constructor(
    private readonly searches: PostSearchRepository,
    private readonly found: FoundPostsService,
  ) {}

  async search({ query, viewerId, first, after }: Parsed<typeof postDiscoveryRpc.search>): Promise<Page<Post>> {
    let question = await this.searches.parse(query);
    const read = async (position: Position, limit: number): Promise<Stretch> => {
      const stretch = await this.searches.stretch(viewerId, question, position, limit);
      if (stretch.places.length > 0 || stretch.next || !(await this.isTooCommon(question))) return stretch;
      question = { ...question, isCommon: true };
      return this.searches.stretch(viewerId, question, position, limit);
    };
    return this.found.page({ viewerId, first, from: after ? decodePosition(after) : NEWEST }, { read });
  }

  /** Words that many posts have, but few of the newest, are found by walking as well. */
  private async isTooCommon(question: Question): Promise<boolean> {
    return !question.isCommon && (await this.searches.hasTooMany(question));
  }
}
