import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { On } from '@fowergram/messaging';
import { SessionRevocationService } from './session-revocation.service.js';

/** What a change of an account means for its sessions; one gateway process does it, AccountDenylistService is for all of them. */
@Controller()
export class AccountEventsController {
  constructor(private readonly accounts: SessionRevocationService) {}

  @On(userEvent.accountChanged)
  onAccountChanged(change: Payload<typeof userEvent.accountChanged>): Promise<void> {
    return this.accounts.revokeSessions(change);
  }
}
