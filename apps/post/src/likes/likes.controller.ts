import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Post, postRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { LikesService } from './likes.service.js';

@Controller()
export class LikesController {
  constructor(private readonly likes: LikesService) {}

  @Handle(postRpc.like)
  like(input: Parsed<typeof postRpc.like>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.likes.like(input, idempotencyKey);
  }

  @Handle(postRpc.unlike)
  unlike(input: Parsed<typeof postRpc.unlike>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.likes.unlike(input, idempotencyKey);
  }

  @Handle(postRpc.likers)
  likers(input: Parsed<typeof postRpc.likers>): Promise<Page<string>> {
    return this.likes.likers(input);
  }
}
