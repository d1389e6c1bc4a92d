import { Module } from '@nestjs/common';
import { AvatarsService } from './avatars.service.js';
import { ProfilesController } from './profiles.controller.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from './profiles.service.js';

@Module({
  controllers: [ProfilesController],
  providers: [ProfilesService, AvatarsService, ProfilesRepository],
  exports: [ProfilesService],
})
export class ProfilesModule {}
