import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { EraserService } from './eraser.service.js';
import { ErasureStepsService } from './erasure-steps.service.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';
import { RemainsRepository } from './remains.repository.js';

@Module({
  imports: [AccountsModule, ProfilesModule],
  controllers: [ErasuresController],
  providers: [ErasuresService, ErasureStepsService, EraserService, ErasuresRepository, RemainsRepository],
})
export class ErasureModule {}
