import { Global, Module } from '@nestjs/common';
import { LocksRepository } from '../locks.repository.js';
import { ErasedMediaRepository } from './erased-media.repository.js';
import { ErasedOwnersRepository } from './erased-owners.repository.js';
import { ErasingController } from './erasing.controller.js';
import { ErasingService } from './erasing.service.js';

/** What happens to media whose owner is gone. Global: uploads, jobs and sweeps ask who is being erased, and lock against each other. */
@Global()
@Module({
  controllers: [ErasingController],
  providers: [ErasingService, ErasedOwnersRepository, ErasedMediaRepository, LocksRepository],
  exports: [ErasedOwnersRepository, LocksRepository],
})
export class ErasingModule {}
