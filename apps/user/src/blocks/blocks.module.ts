import { Module } from '@nestjs/common';
import { CloseFriendsModule } from '../close-friends/close-friends.module.js';
import { FollowsModule } from '../follows/follows.module.js';
import { RelationshipsModule } from '../relationships/relationships.module.js';
import { ReportedUsersModule } from '../reports/reported-users.module.js';
import { BlocksController } from './blocks.controller.js';
import { BlocksErasure } from './blocks.erasure.js';
import { BlocksRepository } from './blocks.repository.js';
import { BlocksService } from './blocks.service.js';

@Module({
  imports: [CloseFriendsModule, FollowsModule, RelationshipsModule, ReportedUsersModule],
  controllers: [BlocksController],
  providers: [BlocksService, BlocksRepository, BlocksErasure],
})
export class BlocksModule {}
