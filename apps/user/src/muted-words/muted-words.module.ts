import { Module } from '@nestjs/common';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { MutedWordsController } from './muted-words.controller.js';
import { MutedWordsErasure } from './muted-words.erasure.js';
import { MutedWordsRepository } from './muted-words.repository.js';
import { MutedWordsService } from './muted-words.service.js';

@Module({
  imports: [ProfilesModule],
  controllers: [MutedWordsController],
  providers: [MutedWordsService, MutedWordsRepository, MutedWordsErasure],
})
export class MutedWordsModule {}
