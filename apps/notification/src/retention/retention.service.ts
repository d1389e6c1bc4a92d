import { Injectable } from '@nestjs/common';
import { Database } from '@fowergram/database';
import { Every } from '@fowergram/service-kit';
import { NotificationsRepository } from '../notifications/notifications.repository.js';
import { RetentionRepository } from './retention.repository.js';

const PURGE_INTERVAL_MS = 60 * 60 * 1_000;

/** Purges what is older than 90 days. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly db: Database,
    private readonly notifications: NotificationsRepository,
    private readonly retention: RetentionRepository,
  ) {}

  /** Purges until nothing old is left; several replicas may do so at once. */
  @Every(PURGE_INTERVAL_MS, 'purge old notifications')
  async purge(signal?: AbortSignal): Promise<void> {
    let recipientIds: string[];
    do {
      recipientIds = await this.retention.recipientsOfOldest();
      for (const recipientId of recipientIds) {
        if (signal?.aborted) return;
        await this.purgeOf(recipientId);
      }
    } while (recipientIds.length > 0);
    while (!signal?.aborted && (await this.retention.purgeTombstones()));
  }

  private purgeOf(recipientId: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      await this.notifications.lockRecipients(tx, [recipientId]);
      await this.retention.purgeSomeOf(tx, recipientId);
    });
  }
}
