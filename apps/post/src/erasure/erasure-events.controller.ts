import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, On } from '@fowergram/messaging';
import { ErasuresService } from './erasures.service.js';

@Controller()
export class ErasureEventsController {
  constructor(private readonly erasures: ErasuresService) {}

  @On(userEvent.accountDeleted)
  deleted({ userId }: Payload<typeof userEvent.accountDeleted>, context: EventContext): Promise<void> {
    return this.erasures.request(userId, context);
  }
}
