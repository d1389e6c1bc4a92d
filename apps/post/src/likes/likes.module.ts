import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module.js';
import { LikesController } from './likes.controller.js';
import { LikesErasure } from './likes.erasure.js';
import { LikesRepository } from './likes.repository.js';
import { LikesService } from './likes.service.js';

@Module({
  imports: [PostsModule],
  controllers: [LikesController],
  providers: [LikesService, LikesRepository, LikesErasure],
})
export class LikesModule {}
