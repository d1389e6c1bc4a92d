import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { MediaClaimsService } from './media-claims.service.js';
import { PostsController } from './posts.controller.js';
import { PostsErasure } from './posts.erasure.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';

@Module({
  imports: [ErasureStepsModule],
  controllers: [PostsController],
  providers: [PostsService, PostsRepository, PostsErasure, MediaClaimsService],
  exports: [PostsRepository],
})
export class PostsModule {}
