import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, On } from '@fowergram/messaging';
import { ErasuresService } from './erasures.service.js';
import { HiddenAccountsService } from './hidden-accounts.service.js';

@Controller()
export class AccountEventsController {
  constructor(
    private readonly hidden: HiddenAccountsService,
    private readonly erasures: ErasuresService,
  ) {}

  @On(userEvent.accountChanged)
  changed(account: Payload<typeof userEvent.accountChanged>, context: EventContext): Promise<void> {
    return this.hidden.follow(account, context);
  }

  @On(userEvent.accountDeleted)
  deleted({ userId }: Payload<typeof userEvent.accountDeleted>, context: EventContext): Promise<void> {
    return this.erasures.request(userId, context);
  }
}
