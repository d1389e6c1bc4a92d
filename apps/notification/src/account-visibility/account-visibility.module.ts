import { Module } from '@nestjs/common';
import { AccountEventsController } from './account-events.controller.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';
import { HiddenAccountsService } from './hidden-accounts.service.js';

/** What happens here when an account vanishes or comes back. */
@Module({
  controllers: [AccountEventsController],
  providers: [HiddenAccountsService, HiddenAccountsRepository],
})
export class AccountVisibilityModule {}
