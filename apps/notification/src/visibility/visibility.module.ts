import { Module } from '@nestjs/common';
import { VisibilityModule as StoredVisibilityModule } from '@fowergram/visibility';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { PushesRepository } from './pushes.repository.js';
import { VisibilityController } from './visibility.controller.js';
import { VisibilityService } from './visibility.service.js';

/** What users are notified of, as the user service says it. */
@Module({
  imports: [StoredVisibilityModule, NotificationsModule],
  controllers: [VisibilityController],
  providers: [VisibilityService, PushesRepository],
})
export class VisibilityModule {}
