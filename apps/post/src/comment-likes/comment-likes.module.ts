import { Module } from '@nestjs/common';
import { CommentsModule } from '../comments/comments.module.js';
import { CommentLikesController } from './comment-likes.controller.js';
import { CommentLikesErasure } from './comment-likes.erasure.js';
import { CommentLikesRepository } from './comment-likes.repository.js';
import { CommentLikesService } from './comment-likes.service.js';

@Module({
  imports: [CommentsModule],
  controllers: [CommentLikesController],
  providers: [CommentLikesService, CommentLikesRepository, CommentLikesErasure],
})
export class CommentLikesModule {}
