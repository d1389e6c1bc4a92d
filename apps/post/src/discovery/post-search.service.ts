import { Injectable } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import type { Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import { FoundPostsService } from './found-posts.service.js';
import { PostSearchRepository } from './post-search.repository.js';

/** Finds posts by the words of their captions. */
@Injectable()
export class PostSearchService {
  constructor(
    private readonly searches: PostSearchRepository,
    private readonly found: FoundPostsService,
  ) {}

  async search({ query, viewerId, first, after }: Parsed<typeof postDiscoveryRpc.search>): Promise<Page<Post>> {
    const question = await this.searches.parse(query);
    return this.found.page(
      { viewerId, first, after },
      { read: (position, limit) => this.searches.stretch(viewerId, question, position, limit) },
    );
  }
}
