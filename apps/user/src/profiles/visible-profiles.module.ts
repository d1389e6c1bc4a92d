import { Module } from '@nestjs/common';
import { ProfilesRepository } from './profiles.repository.js';
import { VisibleProfilesService } from './visible-profiles.service.js';

@Module({
  providers: [VisibleProfilesService, ProfilesRepository],
  exports: [VisibleProfilesService, ProfilesRepository],
})
export class VisibleProfilesModule {}
