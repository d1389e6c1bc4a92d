import { Injectable } from '@nestjs/common';
import { type Gauge, type Histogram, Registry } from 'prom-client';
import { Every, gauge, histogram } from '@fowergram/service-kit';
import { type DuePost, DuePostsRepository } from './due-posts.repository.js';

const MEASURE_INTERVAL_MS = 5_000;

/** Tells how late scheduled posts go out, and whether one has not gone out that should have. */
@Injectable()
export class DuePostMetricsService {
  private readonly delay: Histogram<never>;
  private readonly overdue: Gauge<never>;

  constructor(
    private readonly due: DuePostsRepository,
    metrics: Registry,
  ) {
    this.delay = histogram(
      metrics,
      'scheduled_post_delay_seconds',
      'From the time of a scheduled post to its publication.',
      [],
    );
    this.overdue = gauge(
      metrics,
      'scheduled_post_oldest_overdue_seconds',
      'How late the scheduled post is that should have gone out first.',
    );
  }

  /** Takes those that went out, each at its time; one whose media were still processed is late for a reason of its own. */
  published(posts: DuePost[], at: Map<string, Date>): void {
    for (const { id, awaitsMedia, publishAt } of posts) {
      const createdAt = at.get(id);
      if (createdAt && !awaitsMedia) this.delay.observe(Math.max(0, createdAt.getTime() - publishAt.getTime()) / 1_000);
    }
  }

  @Every(MEASURE_INTERVAL_MS, 'measure overdue posts')
  async measure(): Promise<void> {
    this.overdue.set(await this.due.oldestOverdueSeconds());
  }
}
