import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { On } from '@fowergram/messaging';
import { WebhooksService } from './webhooks.service.js';

@Controller()
export class WebhookOwnerEventsController {
  constructor(private readonly webhooks: WebhooksService) {}

  @On(userEvent.serviceAccountChanged)
  async serviceAccountChanged(change: Payload<typeof userEvent.serviceAccountChanged>): Promise<void> {
    if (change.isClosed) await this.webhooks.closeAccount(change.accountId);
  }
}
