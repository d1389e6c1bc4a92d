import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ErasureSteps } from './erasure-steps.service.js';
import { StoredMessagesRepository } from './stored-messages.repository.js';

/** What the erasure of every service needs; needs DatabaseModule beside it. */
@Module({
  imports: [DiscoveryModule],
  providers: [ErasureSteps, StoredMessagesRepository],
  exports: [ErasureSteps, StoredMessagesRepository],
})
export class ErasureStepsModule {}
