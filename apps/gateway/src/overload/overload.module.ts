import { Module } from '@nestjs/common';
import { AdmissionService } from './admission.service.js';
import { LoopDelayService } from './loop-delay.service.js';
import { PaceService } from './pace.service.js';

/** What the gateway refuses when there is too much to do. */
@Module({
  providers: [AdmissionService, LoopDelayService, PaceService],
  exports: [AdmissionService],
})
export class OverloadModule {}
