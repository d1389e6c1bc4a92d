import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Comment, type CommentsOfPost, postRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CommentsService } from './comments.service.js';

@Controller()
export class CommentsController {
  constructor(private readonly comments: CommentsService) {}

  @Handle(postRpc.createComment)
  create(input: Parsed<typeof postRpc.createComment>, { idempotencyKey }: Envelope): Promise<Comment> {
    return this.comments.create(input, idempotencyKey);
  }

  @Handle(postRpc.deleteComment)
  delete(
    input: Parsed<typeof postRpc.deleteComment>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof postRpc.deleteComment>> {
    return this.comments.delete(input, idempotencyKey);
  }

  @Handle(postRpc.comments)
  ofPost(input: Parsed<typeof postRpc.comments>): Promise<Page<Comment>> {
    return this.comments.ofPost(input);
  }

  @Handle(postRpc.commentsOfPosts)
  ofPosts(input: Parsed<typeof postRpc.commentsOfPosts>): Promise<CommentsOfPost[]> {
    return this.comments.ofPosts(input);
  }

  @Handle(postRpc.commentsByIds)
  byIds(input: Parsed<typeof postRpc.commentsByIds>): Promise<Comment[]> {
    return this.comments.byIds(input);
  }
}
