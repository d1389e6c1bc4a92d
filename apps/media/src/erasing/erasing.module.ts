import { Global, Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { ErasedMediaRepository } from './erased-media.repository.js';
import { ErasedOwnersRepository } from './erased-owners.repository.js';
import { ErasingController } from './erasing.controller.js';
import { ErasingService } from './erasing.service.js';

/** What happens to media whose owner is gone. Global: uploads, jobs and sweeps ask who is being erased. */
@Global()
@Module({
  imports: [LocksModule],
  controllers: [ErasingController],
  providers: [ErasingService, ErasedOwnersRepository, ErasedMediaRepository],
  exports: [ErasedOwnersRepository],
})
export class ErasingModule {}
