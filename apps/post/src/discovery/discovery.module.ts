import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { PostsModule } from '../posts/posts.module.js';
import { DiscoveryController } from './discovery.controller.js';
import { ExploreRepository } from './explore.repository.js';
import { ExploreService } from './explore.service.js';
import { FoundPostsService } from './found-posts.service.js';
import { PostSearchRepository } from './post-search.repository.js';
import { PostSearchService } from './post-search.service.js';

/** How viewers find posts of those whom they do not follow. */
@Module({
  imports: [PostsModule, VisibilityModule],
  controllers: [DiscoveryController],
  providers: [FoundPostsService, ExploreService, ExploreRepository, PostSearchService, PostSearchRepository],
  exports: [FoundPostsService],
})
export class DiscoveryModule {}
