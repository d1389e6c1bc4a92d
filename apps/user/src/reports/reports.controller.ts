import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type ContentModeration, type Report, reportRpc } from '@fowergram/contracts-user';
import { type Envelope, Handle } from '@fowergram/messaging';
import { ContentModerationService } from './content-moderation.service.js';
import { ReportQueueService } from './report-queue.service.js';
import { ReportsService } from './reports.service.js';

@Controller()
export class ReportsController {
  constructor(
    private readonly reports: ReportsService,
    private readonly moderators: ReportQueueService,
    private readonly content: ContentModerationService,
  ) {}

  @Handle(reportRpc.create)
  create(
    input: Parsed<typeof reportRpc.create>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof reportRpc.create>> {
    return this.reports.create(input, idempotencyKey);
  }

  @Handle(reportRpc.byIds)
  byIds(input: Parsed<typeof reportRpc.byIds>): Promise<Report[]> {
    return this.reports.byIds(input);
  }

  @Handle(reportRpc.mine)
  mine(input: Parsed<typeof reportRpc.mine>): Promise<Page<Report>> {
    return this.reports.mine(input);
  }

  @Handle(reportRpc.queue)
  queue(input: Parsed<typeof reportRpc.queue>): Promise<Page<Report>> {
    return this.moderators.queue(input);
  }

  @Handle(reportRpc.related)
  related(input: Parsed<typeof reportRpc.related>): Promise<Page<Report>> {
    return this.moderators.related(input);
  }

  @Handle(reportRpc.resolve)
  resolve(
    input: Parsed<typeof reportRpc.resolve>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof reportRpc.resolve>> {
    return this.moderators.resolve(input, idempotencyKey);
  }

  @Handle(reportRpc.moderateContent)
  moderateContent(
    input: Parsed<typeof reportRpc.moderateContent>,
    { idempotencyKey }: Envelope,
  ): Promise<ContentModeration> {
    return this.content.moderate(input, idempotencyKey);
  }
}
