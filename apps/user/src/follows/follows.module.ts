import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { FollowListsService } from './follow-lists.service.js';
import { FollowsController } from './follows.controller.js';
import { FollowsErasure } from './follows.erasure.js';
import { FollowsRepository } from './follows.repository.js';
import { FollowsService } from './follows.service.js';

@Module({
  imports: [ProfilesModule, CountersModule],
  controllers: [FollowsController],
  providers: [FollowsService, FollowListsService, FollowsRepository, FollowsErasure],
})
export class FollowsModule {}
