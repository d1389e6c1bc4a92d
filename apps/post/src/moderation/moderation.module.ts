import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module.js';
import { ModerationController } from './moderation.controller.js';
import { ModerationErasure } from './moderation.erasure.js';
import { ModerationRepository } from './moderation.repository.js';
import { ModerationService } from './moderation.service.js';

/** Posts and comments that were reported, or that moderators have hidden. */
@Module({
  imports: [PostsModule],
  controllers: [ModerationController],
  providers: [ModerationService, ModerationRepository, ModerationErasure],
})
export class ModerationModule {}
