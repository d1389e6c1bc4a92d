import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { MentionsModule } from '../mentions/mentions.module.js';
import { MediaClaimsService } from './media-claims.service.js';
import { PostEventsController } from './post-events.controller.js';
import { PostsController } from './posts.controller.js';
import { PostsErasure } from './posts.erasure.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

@Module({
  imports: [ErasureStepsModule, MentionsModule],
  controllers: [PostsController, PostEventsController],
  providers: [PostsService, PostsRepository, PostsErasure, MediaClaimsService],
  exports: [PostsRepository],
})
export class PostsModule {}
