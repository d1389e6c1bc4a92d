import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { MentionsModule } from '../mentions/mentions.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { CommentsController } from './comments.controller.js';
import { CommentsErasure } from './comments.erasure.js';
import { CommentEditsService } from './comment-edits.service.js';
import { CommentListsRepository } from './comment-lists.repository.js';
import { CommentListsService } from './comment-lists.service.js';
import { CommentPinsService } from './comment-pins.service.js';
import { CommentsRepository } from './comments.repository.js';
import { CommentsService } from './comments.service.js';

@Module({
  imports: [PostsModule, MentionsModule, VisibilityModule],
  controllers: [CommentsController],
  providers: [
    CommentsService,
    CommentsRepository,
    CommentEditsService,
    CommentListsService,
    CommentListsRepository,
    CommentPinsService,
    CommentsErasure,
  ],
  exports: [CommentListsService],
})
export class CommentsModule {}
