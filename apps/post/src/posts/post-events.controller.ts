import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { On } from '@fowergram/messaging';
import { MediaClaimsService } from './media-claims.service.js';

@Controller()
export class PostEventsController {
  constructor(private readonly claims: MediaClaimsService) {}

  /** An event, and no call on the way: it comes until media has heard of it. */
  @On(postEvent.deleted)
  deleted({ postId }: Payload<typeof postEvent.deleted>): Promise<void> {
    return this.claims.hide(postId);
  }
}
