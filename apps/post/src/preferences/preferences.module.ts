import { Module } from '@nestjs/common';
import { AltTextsService } from './alt-texts.service.js';
import { PreferencesController } from './preferences.controller.js';
import { PreferencesErasure } from './preferences.erasure.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';

@Module({
  controllers: [PreferencesController],
  providers: [PreferencesService, PreferencesRepository, PreferencesErasure, AltTextsService],
  exports: [PreferencesRepository, AltTextsService],
})
export class PreferencesModule {}
