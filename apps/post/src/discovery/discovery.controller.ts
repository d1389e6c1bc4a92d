import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Post, postDiscoveryRpc } from '@fowergram/contracts-post';
import { Handle } from '@fowergram/messaging';
import { ExploreService } from './explore.service.js';
import { PostSearchService } from './post-search.service.js';

@Controller()
export class DiscoveryController {
  constructor(
    private readonly explored: ExploreService,
    private readonly searches: PostSearchService,
  ) {}

  @Handle(postDiscoveryRpc.explore)
  explore(input: Parsed<typeof postDiscoveryRpc.explore>): Promise<Page<Post>> {
    return this.explored.explore(input);
  }

  @Handle(postDiscoveryRpc.search)
  search(input: Parsed<typeof postDiscoveryRpc.search>): Promise<Page<Post>> {
    return this.searches.search(input);
  }
}
