import { Module } from '@nestjs/common';
import { VisibleProfilesModule } from '../profiles/visible-profiles.module.js';
import { SuggestionsController } from './suggestions.controller.js';
import { SuggestionsErasure } from './suggestions.erasure.js';
import { SuggestionsRepository } from './suggestions.repository.js';
import { SuggestionsService } from './suggestions.service.js';

@Module({
  imports: [VisibleProfilesModule],
  controllers: [SuggestionsController],
  providers: [SuggestionsService, SuggestionsRepository, SuggestionsErasure],
})
export class SuggestionsModule {}
