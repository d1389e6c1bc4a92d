import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { MentionsModule } from '../mentions/mentions.module.js';
import { PreferencesModule } from '../preferences/preferences.module.js';
import { CaptionsRepository } from './captions.repository.js';
import { CommentPolicyRepository } from './comment-policy.repository.js';
import { MediaClaimsService } from './media-claims.service.js';
import { PostAnswersService } from './post-answers.service.js';
import { PostEventsController } from './post-events.controller.js';
import { PostsController } from './posts.controller.js';
import { PostsErasure } from './posts.erasure.js';
import { PostsRepository } from './posts.repository.js';
import { PostsService } from './posts.service.js';
import { SensitivityRepository } from './sensitivity.repository.js';

@Module({
  imports: [ErasureStepsModule, MentionsModule, PreferencesModule],
  controllers: [PostsController, PostEventsController],
  providers: [
    PostsService,
    PostAnswersService,
    PostsRepository,
    CaptionsRepository,
    SensitivityRepository,
    CommentPolicyRepository,
    PostsErasure,
    MediaClaimsService,
  ],
  exports: [
    PostAnswersService,
    PostsRepository,
    CaptionsRepository,
    SensitivityRepository,
    CommentPolicyRepository,
    MediaClaimsService,
    MentionsModule,
    PreferencesModule,
  ],
})
export class PostsModule {}
