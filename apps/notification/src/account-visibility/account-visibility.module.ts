import { Module } from '@nestjs/common';
import { AccountEventsController } from './account-events.controller.js';
import { HiddenAccountsErasure } from './hidden-accounts.erasure.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';
import { HiddenAccountsService } from './hidden-accounts.service.js';

/** What happens here when an account vanishes or comes back. */
@Module({
  controllers: [AccountEventsController],
  providers: [HiddenAccountsService, HiddenAccountsRepository, HiddenAccountsErasure],
})
export class AccountVisibilityModule {}
