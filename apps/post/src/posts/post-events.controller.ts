import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { type EventContext, On } from '@fowergram/messaging';
import { FanOutService } from '../feed/fan-out.service.js';
import { MediaClaimsService } from './media-claims.service.js';

@Controller()
export class PostEventsController {
  constructor(
    private readonly claims: MediaClaimsService,
    private readonly fanOut: FanOutService,
  ) {}

  /** An event, and no call on the way: it comes until media has heard of it. */
  @On(postEvent.deleted)
  deleted({ postId }: Payload<typeof postEvent.deleted>): Promise<void> {
    return this.claims.follow(postId);
  }

  @On(postEvent.stateChanged)
  async stateChanged(change: Payload<typeof postEvent.stateChanged>, context: EventContext): Promise<void> {
    await this.claims.follow(change.postId);
    await this.fanOut.follow(change, context);
  }
}
