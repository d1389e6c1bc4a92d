import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { type Logger, LOGGER, type Periodic, periodically } from '@fowergram/service-kit';
import { NotificationsRepository } from '../notifications/notifications.repository.js';
import { RetentionRepository } from './retention.repository.js';

const PURGE_EVERY_MS = 60 * 60 * 1_000;

/** Forgets what is older than 90 days. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  private purging: Periodic | undefined;
  private stopping = false;

  constructor(
    private readonly db: Database,
    private readonly notifications: NotificationsRepository,
    private readonly retention: RetentionRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.purging = periodically({
      name: 'purge old notifications',
      everyMs: PURGE_EVERY_MS,
      log: this.log,
      work: () => this.purge(),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.purging?.stop();
  }

  /** Purges until nothing old is left; several replicas may do so at once. */
  async purge(): Promise<void> {
    let recipientIds: string[];
    do {
      recipientIds = await this.retention.recipientsOfOldest();
      for (const recipientId of recipientIds) {
        if (this.stopping) return;
        await this.purgeOf(recipientId);
      }
    } while (recipientIds.length > 0);
    await this.retention.purgeDeletedPosts();
  }

  private purgeOf(recipientId: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.notifications.lockRecipients(tx, [recipientId]);
      await this.retention.purgeSomeOf(tx, recipientId);
    });
  }
}
