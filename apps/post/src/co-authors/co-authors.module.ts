import { Module } from '@nestjs/common';
import { PostsModule } from '../posts/posts.module.js';
import { CoAuthorsController } from './co-authors.controller.js';
import { CoAuthorsErasure } from './co-authors.erasure.js';
import { CoAuthorsRepository } from './co-authors.repository.js';
import { CoAuthorsService } from './co-authors.service.js';
import { EndedCoAuthorshipsService } from './ended-co-authorships.service.js';
import { InvitationsService } from './invitations.service.js';
import { SharedPostsRepository } from './shared-posts.repository.js';

@Module({
  imports: [PostsModule],
  controllers: [CoAuthorsController],
  providers: [
    CoAuthorsService,
    CoAuthorsRepository,
    SharedPostsRepository,
    EndedCoAuthorshipsService,
    InvitationsService,
    CoAuthorsErasure,
  ],
  exports: [EndedCoAuthorshipsService, InvitationsService],
})
export class CoAuthorsModule {}
