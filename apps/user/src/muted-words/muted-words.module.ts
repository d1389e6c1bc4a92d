import { Module } from '@nestjs/common';
import { VisibleProfilesModule } from '../profiles/visible-profiles.module.js';
import { MutedWordsController } from './muted-words.controller.js';
import { MutedWordsErasure } from './muted-words.erasure.js';
import { MutedWordsRepository } from './muted-words.repository.js';
import { MutedWordsService } from './muted-words.service.js';

@Module({
  imports: [VisibleProfilesModule],
  controllers: [MutedWordsController],
  providers: [MutedWordsService, MutedWordsRepository, MutedWordsErasure],
})
export class MutedWordsModule {}
