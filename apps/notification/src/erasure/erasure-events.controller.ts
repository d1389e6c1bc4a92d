import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { userEvent } from '@fowergram/contracts-user';
import { On } from '@fowergram/messaging';
import { ErasureService } from './erasure.service.js';

@Controller()
export class ErasureEventsController {
  constructor(private readonly erasure: ErasureService) {}

  @On(userEvent.accountDeleted)
  accountDeleted({ userId }: Payload<typeof userEvent.accountDeleted>): Promise<void> {
    return this.erasure.begin(userId);
  }
}
