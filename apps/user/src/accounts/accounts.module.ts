import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';
import { ModerationService } from './moderation.service.js';
import { SuspensionsService } from './suspensions.service.js';

@Module({
  controllers: [AccountsController],
  providers: [AccountsService, ModerationService, SuspensionsService, AccountsRepository],
  exports: [AccountsRepository],
})
export class AccountsModule {}
