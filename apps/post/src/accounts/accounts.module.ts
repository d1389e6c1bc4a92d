import { Module } from '@nestjs/common';
import { AccountsConsumer } from './accounts.consumer.js';
import { EraserService } from './eraser.service.js';
import { ErasedContentRepository } from './erased-content.repository.js';
import { ErasedTracesRepository } from './erased-traces.repository.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';
import { HiddenAccountsRepository } from './hidden-accounts.repository.js';
import { HiddenAccountsService } from './hidden-accounts.service.js';

/** What happens here when an account vanishes, comes back, or is deleted for good. */
@Module({
  providers: [
    AccountsConsumer,
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
