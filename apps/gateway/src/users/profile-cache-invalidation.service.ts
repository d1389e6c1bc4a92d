import { Injectable } from '@nestjs/common';
import { userEvent } from '@fowergram/contracts-user';
import { Bus } from '@fowergram/messaging';
import { OperationsService } from '../api/context/operations.service.js';

/** Invalidates a cached profile when its owner has changed it. Every process must hear of it, so this is no durable consumer. */
@Injectable()
export class ProfileCacheInvalidationService {
  constructor(bus: Bus, operations: OperationsService) {
    bus.onBroadcast(userEvent.profileUpdated, ({ userId }) => operations.userCache.invalidate(userId));
  }
}
