import { Module } from '@nestjs/common';
import { VisibilityModule } from '@fowergram/visibility';
import { MentionsController } from './mentions.controller.js';
import { MentionsErasure } from './mentions.erasure.js';
import { MentionsRepository } from './mentions.repository.js';
import { MentionsService } from './mentions.service.js';

@Module({
  imports: [VisibilityModule],
  controllers: [MentionsController],
  providers: [MentionsService, MentionsRepository, MentionsErasure],
  exports: [MentionsService],
})
export class MentionsModule {}
