import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, On } from '@fowergram/messaging';
import { FanOutService } from './fan-out.service.js';

@Controller()
export class FeedEventsController {
  constructor(private readonly fanOut: FanOutService) {}

  @On(postEvent.created)
  created(post: Payload<typeof postEvent.created>, context: EventContext): Promise<void> {
    return this.fanOut.start(post, context);
  }

  @On(postEvent.coAuthorAccepted)
  coAuthorAccepted(fact: Payload<typeof postEvent.coAuthorAccepted>, context: EventContext): Promise<void> {
    return this.fanOut.followCoAuthor(fact, context);
  }

  @On(userEvent.followed)
  followed({ followerId }: Payload<typeof userEvent.followed>, context: EventContext): Promise<void> {
    return this.fanOut.invalidate(followerId, context);
  }

  @On(userEvent.unfollowed)
  unfollowed({ followerId }: Payload<typeof userEvent.unfollowed>, context: EventContext): Promise<void> {
    return this.fanOut.invalidate(followerId, context);
  }
}
