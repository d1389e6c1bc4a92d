import { Global, Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { ErasedMediaRepository } from './erased-media.repository.js';
import { ErasedOwnersRepository } from './erased-owners.repository.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureService } from './erasure.service.js';

/** What happens to media whose owner is gone. Global: uploads, jobs and sweeps ask who is being erased. */
@Global()
@Module({
  imports: [LocksModule],
  controllers: [ErasureController],
  providers: [ErasureService, ErasedOwnersRepository, ErasedMediaRepository],
  exports: [ErasedOwnersRepository],
})
export class ErasureModule {}
