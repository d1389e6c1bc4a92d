import { Global, Module } from '@nestjs/common';
import { JobsModule } from '@fowergram/jobs';
import { LocksModule } from '../locks/locks.module.js';
import { OutcomesService } from './outcomes.service.js';
import { ProcessingProcessor } from './processing.processor.js';
import { ProcessingQueue, QUEUE } from './processing.queue.js';
import { ProcessingRepository } from './processing.repository.js';
import { ProcessingService } from './processing.service.js';

/**
 * From the bytes of a stranger to variants that can be shown. Global: an upload begins it, the sweep of orphans ends it. Redis is
 * no condition of being ready: without it uploads wait as PROCESSING, and everything else works.
 */
@Global()
@Module({
  imports: [JobsModule.with(QUEUE), LocksModule],
  providers: [ProcessingQueue, ProcessingProcessor, ProcessingService, OutcomesService, ProcessingRepository],
  exports: [ProcessingQueue, ProcessingRepository, OutcomesService],
})
export class ProcessingModule {}
