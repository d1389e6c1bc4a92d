import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { VisibilityController } from './visibility.controller.js';
import { VisibilityRepository } from './visibility.repository.js';
import { VisibilityService } from './visibility.service.js';

/** Pictures that nobody may see any more, or not now: addresses that were given out lead nowhere within seconds. */
@Module({
  imports: [LocksModule],
  controllers: [VisibilityController],
  providers: [VisibilityService, VisibilityRepository],
})
export class VisibilityModule {}
