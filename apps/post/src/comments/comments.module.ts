import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { PostsModule } from '../posts/posts.module.js';
import { CommentsController } from './comments.controller.js';
import { CommentsErasure } from './comments.erasure.js';
import { CommentsRepository } from './comments.repository.js';
import { CommentsService } from './comments.service.js';

@Module({
  imports: [PostsModule, VisibilityModule],
  controllers: [CommentsController],
  providers: [CommentsService, CommentsRepository, CommentsErasure],
})
export class CommentsModule {}
