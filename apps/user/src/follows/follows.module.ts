import { Module } from '@nestjs/common';
import { CountersModule } from '../counters/counters.module.js';
import { RelationshipsModule } from '../relationships/relationships.module.js';
import { FollowListsRepository } from './follow-lists.repository.js';
import { FollowListsService } from './follow-lists.service.js';
import { FollowRequestsController } from './follow-requests.controller.js';
import { FollowRequestsErasure } from './follow-requests.erasure.js';
import { FollowRequestsRepository } from './follow-requests.repository.js';
import { FollowRequestsService } from './follow-requests.service.js';
import { FollowsController } from './follows.controller.js';
import { FollowsErasure } from './follows.erasure.js';
import { FollowsRepository } from './follows.repository.js';
import { FollowsService } from './follows.service.js';
import { OpenAccountsRepository } from './open-accounts.repository.js';
import { OpenAccountsService } from './open-accounts.service.js';
import { RequestAcceptanceService } from './request-acceptance.service.js';

@Module({
  imports: [RelationshipsModule, CountersModule],
  controllers: [FollowsController, FollowRequestsController],
  providers: [
    FollowsService,
    FollowListsService,
    FollowRequestsService,
    RequestAcceptanceService,
    OpenAccountsService,
    FollowsRepository,
    FollowListsRepository,
    FollowRequestsRepository,
    OpenAccountsRepository,
    FollowsErasure,
    FollowRequestsErasure,
  ],
  exports: [FollowsService, OpenAccountsService],
})
export class FollowsModule {}
