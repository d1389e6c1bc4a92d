import { Module } from '@nestjs/common';
import { BioMentionsErasure } from './bio-mentions.erasure.js';
import { MentionsController } from './mentions.controller.js';
import { MentionsRepository } from './mentions.repository.js';
import { MentionsService } from './mentions.service.js';

@Module({
  controllers: [MentionsController],
  providers: [MentionsService, MentionsRepository, BioMentionsErasure],
  exports: [MentionsService],
})
export class MentionsModule {}
