import { Module } from '@nestjs/common';
import { MutedWordsRepository } from './muted-words.repository.js';
import { VisibilityRetention } from './visibility-retention.service.js';
import { VisibilityErasure } from './visibility.erasure.js';
import { VisibilityRepository } from './visibility.repository.js';

/** What a service stores of who may see whom, equal to what the user service knows; needs DatabaseModule beside it. */
@Module({
  providers: [VisibilityRepository, MutedWordsRepository, VisibilityErasure, VisibilityRetention],
  exports: [VisibilityRepository, MutedWordsRepository],
})
export class VisibilityModule {}
