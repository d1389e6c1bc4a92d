import { Module } from '@nestjs/common';
import { VisibilityModule as StoredVisibilityModule } from '@fowergram/visibility';
import { CoAuthorsModule } from '../co-authors/co-authors.module.js';
import { HashtagsModule } from '../hashtags/hashtags.module.js';
import { VisibilityController } from './visibility.controller.js';
import { VisibilityService } from './visibility.service.js';

/** What users see of each other's posts, as the user service says it. */
@Module({
  imports: [StoredVisibilityModule, HashtagsModule, CoAuthorsModule],
  controllers: [VisibilityController],
  providers: [VisibilityService],
})
export class VisibilityModule {}
