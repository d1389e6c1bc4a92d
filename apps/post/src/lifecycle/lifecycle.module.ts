import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { CoAuthorsModule } from '../co-authors/co-authors.module.js';
import { PostsModule } from '../posts/posts.module.js';
import { DeletedPostsRepository } from './sweeps/deleted-posts.repository.js';
import { DeletedPostsService } from './sweeps/deleted-posts.service.js';
import { DraftsRepository } from './drafts.repository.js';
import { DraftsService } from './drafts.service.js';
import { DuePostMetricsService } from './sweeps/due-post-metrics.service.js';
import { DuePostsRepository } from './sweeps/due-posts.repository.js';
import { DuePostsService } from './sweeps/due-posts.service.js';
import { EditsErasure } from './edits.erasure.js';
import { EditsRepository } from './edits.repository.js';
import { EditsService } from './edits.service.js';
import { LifecycleController } from './lifecycle.controller.js';
import { OwnListsService } from './own-lists.service.js';
import { OwnPostsRepository } from './own-posts.repository.js';
import { PinsRepository } from './pins.repository.js';
import { PinsService } from './pins.service.js';
import { PostChangesService } from './post-changes.service.js';
import { TransitionsRepository } from './transitions.repository.js';
import { TransitionsService } from './transitions.service.js';

/** The life of a post in the hands of its author: draft, schedule, edits, archive, deletion and back. */
@Module({
  imports: [PostsModule, CoAuthorsModule, ErasureStepsModule],
  controllers: [LifecycleController],
  providers: [
    DraftsService,
    DraftsRepository,
    TransitionsService,
    TransitionsRepository,
    PostChangesService,
    OwnListsService,
    OwnPostsRepository,
    EditsService,
    EditsRepository,
    EditsErasure,
    PinsService,
    PinsRepository,
    DuePostsService,
    DuePostsRepository,
    DuePostMetricsService,
    DeletedPostsService,
    DeletedPostsRepository,
  ],
})
export class LifecycleModule {}
