import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AccountEventsController } from './account-events.controller.js';
import { AvatarsService } from './avatars.service.js';
import { ProfilesController } from './profiles.controller.js';
import { ProfilesErasure } from './profiles.erasure.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from './profiles.service.js';
import { UsernamesRepository } from './usernames.repository.js';
import { VerificationService } from './verification.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [ProfilesController, AccountEventsController],
  providers: [
    ProfilesService,
    VerificationService,
    AvatarsService,
    ProfilesRepository,
    UsernamesRepository,
    ProfilesErasure,
  ],
  exports: [ProfilesService, UsernamesRepository],
})
export class ProfilesModule {}
