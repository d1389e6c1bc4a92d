import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { DiscoveryModule } from '../discovery/discovery.module.js';
import { HashtagCountsRepository } from './hashtag-counts.repository.js';
import { HashtagCountsService } from './hashtag-counts.service.js';
import { HashtagPostsRepository } from './hashtag-posts.repository.js';
import { HashtagsController } from './hashtags.controller.js';
import { HashtagsErasure } from './hashtags.erasure.js';
import { HashtagsRepository } from './hashtags.repository.js';
import { HashtagsService } from './hashtags.service.js';
import { TrendingRepository } from './trending.repository.js';
import { TrendingService } from './trending.service.js';

/** The posts of a hashtag, who follows it, and which many use now. */
@Module({
  imports: [DiscoveryModule, VisibilityModule],
  controllers: [HashtagsController],
  providers: [
    HashtagsService,
    HashtagsRepository,
    HashtagPostsRepository,
    HashtagsErasure,
    HashtagCountsService,
    HashtagCountsRepository,
    TrendingService,
    TrendingRepository,
  ],
  exports: [HashtagCountsService],
})
export class HashtagsModule {}
