import { Injectable } from '@nestjs/common';
import { userEvent } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { OperationsService } from '../api/context/operations.service.js';

/** Invalidates a cached profile that was changed, hidden or shown again. Every process must hear of it, so this is no durable consumer. */
@Injectable()
export class ProfileCacheInvalidationService {
  constructor(bus: Bus, operations: OperationsService) {
    for (const changed of [userEvent.profileUpdated, userEvent.accountChanged])
      bus.onBroadcast(changed, ({ userId }: { userId: string }) => operations.userCache.invalidate(userId));
  }
}
