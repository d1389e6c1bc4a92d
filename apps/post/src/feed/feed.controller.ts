import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Post, postRpc } from '@fowergram/contracts-post';
import { Handle } from '@fowergram/messaging';
import { FeedService } from './feed.service.js';

@Controller()
export class FeedController {
  constructor(private readonly feed: FeedService) {}

  @Handle(postRpc.homeFeed)
  home(input: Parsed<typeof postRpc.homeFeed>): Promise<Page<Post>> {
    return this.feed.home(input);
  }
}
