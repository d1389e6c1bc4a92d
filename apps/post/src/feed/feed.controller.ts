import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { type PostRevision, postRpc } from '@fowergram/contracts-post';
import { Handle } from '@fowergram/messaging';
import { FeedService } from './feed.service.js';

@Controller()
export class FeedController {
  constructor(private readonly feed: FeedService) {}

  @Handle(postRpc.homeFeed)
  home(input: Parsed<typeof postRpc.homeFeed>): Promise<Output<typeof postRpc.homeFeed>> {
    return this.feed.home(input);
  }

  @Handle(postRpc.revisions)
  revisions(input: Parsed<typeof postRpc.revisions>): Promise<PostRevision[]> {
    return this.feed.revisions(input);
  }
}
