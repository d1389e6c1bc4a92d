import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { VisibleProfilesModule } from '../profiles/visible-profiles.module.js';
import { RelationshipsModule } from '../relationships/relationships.module.js';
import { ContentModerationService } from './content-moderation.service.js';
import { ReportCasesRepository } from './report-cases.repository.js';
import { ReportQueueService } from './report-queue.service.js';
import { ReportedUsersModule } from './reported-users.module.js';
import { ReportsController } from './reports.controller.js';
import { ReportsErasure } from './reports.erasure.js';
import { ReportsRepository } from './reports.repository.js';
import { ReportsService } from './reports.service.js';
import { UserReportsService } from './user-reports.service.js';

@Module({
  imports: [AccountsModule, VisibleProfilesModule, RelationshipsModule, ReportedUsersModule],
  controllers: [ReportsController],
  providers: [
    ReportsService,
    UserReportsService,
    ReportQueueService,
    ContentModerationService,
    ReportsRepository,
    ReportCasesRepository,
    ReportsErasure,
  ],
})
export class ReportsModule {}
