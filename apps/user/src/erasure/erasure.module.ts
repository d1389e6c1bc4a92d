import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { ErasurePartsService } from './erasure-parts.service.js';
import { ErasureRunnerService } from './erasure-runner.service.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';

@Module({
  imports: [AccountsModule, ErasureStepsModule, ProfilesModule],
  controllers: [ErasuresController],
  providers: [ErasuresService, ErasurePartsService, ErasureRunnerService, ErasuresRepository],
  exports: [ErasuresService],
})
export class ErasureModule {}
