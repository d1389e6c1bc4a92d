import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ProfilesModule } from '../profiles/profiles.module.js';
import { ErasureRunnerService } from './erasure-runner.service.js';
import { ErasureStepsService } from './erasure-steps.service.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';
import { UserDataRepository } from './user-data.repository.js';

@Module({
  imports: [AccountsModule, ProfilesModule],
  controllers: [ErasuresController],
  providers: [ErasuresService, ErasureStepsService, ErasureRunnerService, ErasuresRepository, UserDataRepository],
})
export class ErasureModule {}
