import { Module } from '@nestjs/common';
import { RelationshipsModule } from '../relationships/relationships.module.js';
import { MutesController } from './mutes.controller.js';
import { MutesErasure } from './mutes.erasure.js';
import { MutesRepository } from './mutes.repository.js';
import { MutesService } from './mutes.service.js';

@Module({
  imports: [RelationshipsModule],
  controllers: [MutesController],
  providers: [MutesService, MutesRepository, MutesErasure],
})
export class MutesModule {}
