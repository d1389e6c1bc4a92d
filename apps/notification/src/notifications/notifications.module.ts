import { Module } from '@nestjs/common';
import { NotificationListsRepository } from './notification-lists.repository.js';
import { NotificationListsService } from './notification-lists.service.js';
import { NotificationEventsController } from './notification-events.controller.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsErasure } from './notifications.erasure.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { RepostsErasure } from './reposts.erasure.js';
import { RepostsRepository } from './reposts.repository.js';

@Module({
  controllers: [NotificationsController, NotificationEventsController],
  providers: [
    NotificationsService,
    NotificationsRepository,
    NotificationListsService,
    NotificationListsRepository,
    NotificationsErasure,
    RepostsRepository,
    RepostsErasure,
  ],
  exports: [NotificationsRepository],
})
export class NotificationsModule {}
