import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { On } from '@fowergram/messaging';
import { SessionRevocationService } from './session-revocation.service.js';

/** The part of an erasure that nobody but the gateway can do: the credentials. */
@Controller()
export class ErasureEventsController {
  constructor(private readonly accounts: SessionRevocationService) {}

  @On(userEvent.accountDeleted)
  onAccountDeleted({ userId }: Payload<typeof userEvent.accountDeleted>): Promise<void> {
    return this.accounts.erase(userId);
  }
}
