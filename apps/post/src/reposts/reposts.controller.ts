import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Post, repostRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { RepostsService } from './reposts.service.js';

@Controller()
export class RepostsController {
  constructor(private readonly reposts: RepostsService) {}

  @Handle(repostRpc.repost)
  repost(input: Parsed<typeof repostRpc.repost>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.reposts.repost(input, idempotencyKey);
  }

  @Handle(repostRpc.unrepost)
  unrepost(input: Parsed<typeof repostRpc.unrepost>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.reposts.unrepost(input, idempotencyKey);
  }

  @Handle(repostRpc.byAuthor)
  byAuthor(input: Parsed<typeof repostRpc.byAuthor>): Promise<Page<Post>> {
    return this.reposts.byAuthor(input);
  }

  @Handle(repostRpc.repostedAmong)
  repostedAmong(input: Parsed<typeof repostRpc.repostedAmong>): Promise<Output<typeof repostRpc.repostedAmong>> {
    return this.reposts.repostedAmong(input);
  }
}
