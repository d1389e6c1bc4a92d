import { Module } from '@nestjs/common';
import { AccountEventsController } from './account-events.controller.js';
import { EraserService } from './eraser.service.js';
import { ErasedContentRepository } from './erased-content.repository.js';
import { ErasedTracesRepository } from './erased-traces.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';
import { HiddenAccountsService } from './hidden-accounts.service.js';

/** What happens here when an account vanishes, comes back, or is deleted for good. */
@Module({
  controllers: [AccountEventsController],
  providers: [
    HiddenAccountsService,
    HiddenAccountsRepository,
    ErasuresService,
    ErasuresRepository,
    EraserService,
    ErasedContentRepository,
    ErasedTracesRepository,
  ],
  exports: [ErasuresRepository],
})
export class AccountsModule {}
