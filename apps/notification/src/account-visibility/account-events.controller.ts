import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, On } from '@fowergram/messaging';
import { HiddenAccountsService } from './hidden-accounts.service.js';

@Controller()
export class AccountEventsController {
  constructor(private readonly hidden: HiddenAccountsService) {}

  @On(userEvent.accountChanged)
  changed(account: Payload<typeof userEvent.accountChanged>, context: EventContext): Promise<void> {
    return this.hidden.follow(account, context);
  }
}
