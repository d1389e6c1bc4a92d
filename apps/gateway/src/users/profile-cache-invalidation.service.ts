import { Inject, Injectable } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { eventSubject, NATS } from '@fowergram/messaging';
import { OperationsService } from '../api/context/operations.service.js';

/** Invalidates a cached profile when its owner has changed it. Every process must hear of it, so this is no durable consumer. */
@Injectable()
export class ProfileCacheInvalidationService {
  constructor(@Inject(NATS) nats: NatsConnection, operations: OperationsService) {
    nats.subscribe(eventSubject(userEvent.profileUpdated), {
      callback: (error, message) => {
        if (!error) operations.userCache.invalidate(message.json<Payload<typeof userEvent.profileUpdated>>().userId);
      },
    });
  }
}
