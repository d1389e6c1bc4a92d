import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { userEvent } from '@fowergram/contracts-user';
import { Bus, On } from '@fowergram/messaging';

@Controller()
export class AccountEventsController {
  constructor(private readonly bus: Bus) {}

  /** An event, and no call on the way: it comes until media has heard of it. */
  @On(userEvent.accountChanged)
  async changed({ userId, status, version }: Payload<typeof userEvent.accountChanged>): Promise<void> {
    await this.bus.call(mediaRpc.setOwnerHidden, { ownerId: userId, version, hidden: status !== 'ACTIVE' });
  }
}
