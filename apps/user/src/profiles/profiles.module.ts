import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FollowsModule } from '../follows/follows.module.js';
import { MentionsModule } from '../mentions/mentions.module.js';
import { AccountEventsController } from './account-events.controller.js';
import { AvatarsService } from './avatars.service.js';
import { PrivacyRepository } from './privacy.repository.js';
import { PrivacyService } from './privacy.service.js';
import { ProfilesController } from './profiles.controller.js';
import { ProfilesErasure } from './profiles.erasure.js';
import { ProfilesService } from './profiles.service.js';
import { UsernamesRepository } from './usernames.repository.js';
import { VerificationService } from './verification.service.js';
import { VisibleProfilesModule } from './visible-profiles.module.js';

@Module({
  imports: [AccountsModule, VisibleProfilesModule, FollowsModule, MentionsModule],
  controllers: [ProfilesController, AccountEventsController],
  providers: [
    ProfilesService,
    PrivacyService,
    VerificationService,
    AvatarsService,
    PrivacyRepository,
    UsernamesRepository,
    ProfilesErasure,
  ],
  exports: [ProfilesService, UsernamesRepository],
})
export class ProfilesModule {}
