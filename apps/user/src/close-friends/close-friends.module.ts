import { Module } from '@nestjs/common';
import { RelationshipsModule } from '../relationships/relationships.module.js';
import { CloseFriendsController } from './close-friends.controller.js';
import { CloseFriendsErasure } from './close-friends.erasure.js';
import { CloseFriendsRepository } from './close-friends.repository.js';
import { CloseFriendsService } from './close-friends.service.js';

@Module({
  imports: [RelationshipsModule],
  controllers: [CloseFriendsController],
  providers: [CloseFriendsService, CloseFriendsRepository, CloseFriendsErasure],
  exports: [CloseFriendsService],
})
export class CloseFriendsModule {}
