import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { type Comment, postRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CommentLikesService } from './comment-likes.service.js';

@Controller()
export class CommentLikesController {
  constructor(private readonly likes: CommentLikesService) {}

  @Handle(postRpc.likeComment)
  like(input: Parsed<typeof postRpc.likeComment>, { idempotencyKey }: Envelope): Promise<Comment> {
    return this.likes.like(input, idempotencyKey);
  }

  @Handle(postRpc.unlikeComment)
  unlike(input: Parsed<typeof postRpc.unlikeComment>, { idempotencyKey }: Envelope): Promise<Comment> {
    return this.likes.unlike(input, idempotencyKey);
  }

  @Handle(postRpc.commentLikers)
  likers(input: Parsed<typeof postRpc.commentLikers>): Promise<Page<string>> {
    return this.likes.likers(input);
  }
}
