import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { MentionsModule } from '../mentions/mentions.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { CommentsController } from './comments.controller.js';
import { CommentsErasure } from './comments.erasure.js';
import { CommentsRepository } from './comments.repository.js';
import { CommentsService } from './comments.service.js';

@Module({
  imports: [PostsModule, MentionsModule, VisibilityModule],
  controllers: [CommentsController],
  providers: [CommentsService, CommentsRepository, CommentsErasure],
})
export class CommentsModule {}
