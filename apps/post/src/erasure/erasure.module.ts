import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { VisibilityModule } from '@fowergram/visibility';
import { ErasureEventsController } from './erasure-events.controller.js';
import { ErasuresRepository } from './erasures.repository.js';
import { ErasuresService } from './erasures.service.js';
import { UserErasureService } from './user-erasure.service.js';

/** What happens here when an account is deleted for good; each feature deletes its own rows in its `*.erasure.ts`. */
@Module({
  imports: [VisibilityModule, ErasureStepsModule],
  controllers: [ErasureEventsController],
  providers: [ErasuresService, ErasuresRepository, UserErasureService],
  exports: [ErasuresRepository],
})
export class ErasureModule {}
