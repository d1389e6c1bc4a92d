import { Module } from '@nestjs/common';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';

@Module({ imports: [NotificationsModule], providers: [RetentionService, RetentionRepository] })
export class RetentionModule {}
