import { Module } from '@nestjs/common';
import { ErasureStepsModule } from '@fowergram/erasure';
import { ErasureEventsController } from './erasure-events.controller.js';
import { ErasureRepository } from './erasure.repository.js';
import { ErasureService } from './erasure.service.js';

@Module({
  imports: [ErasureStepsModule],
  controllers: [ErasureEventsController],
  providers: [ErasureService, ErasureRepository],
})
export class ErasureModule {}
