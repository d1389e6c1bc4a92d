import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import {
  type Comment,
  type CommentsOfPost,
  type Post,
  postRpc,
  type RepliesToComment,
} from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CommentEditsService } from './comment-edits.service.js';
import { CommentListsService } from './comment-lists.service.js';
import { CommentPinsService } from './comment-pins.service.js';
import { CommentsService } from './comments.service.js';

@Controller()
export class CommentsController {
  constructor(
    private readonly comments: CommentsService,
    private readonly edits: CommentEditsService,
    private readonly lists: CommentListsService,
    private readonly pins: CommentPinsService,
  ) {}

  @Handle(postRpc.createComment)
  create(input: Parsed<typeof postRpc.createComment>, { idempotencyKey }: Envelope): Promise<Comment> {
    return this.comments.create(input, idempotencyKey);
  }

  @Handle(postRpc.updateComment)
  update(input: Parsed<typeof postRpc.updateComment>, { idempotencyKey }: Envelope): Promise<Comment> {
    return this.edits.update(input, idempotencyKey);
  }

  @Handle(postRpc.deleteComment)
  delete(
    input: Parsed<typeof postRpc.deleteComment>,
    { idempotencyKey }: Envelope,
  ): Promise<Output<typeof postRpc.deleteComment>> {
    return this.comments.delete(input, idempotencyKey);
  }

  @Handle(postRpc.pinComment)
  pin(input: Parsed<typeof postRpc.pinComment>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.pins.pin(input, idempotencyKey);
  }

  @Handle(postRpc.unpinComment)
  unpin(input: Parsed<typeof postRpc.unpinComment>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.pins.unpin(input, idempotencyKey);
  }

  @Handle(postRpc.comments)
  ofPost(input: Parsed<typeof postRpc.comments>): Promise<Page<Comment>> {
    return this.lists.ofPost(input);
  }

  @Handle(postRpc.commentsOfPosts)
  ofPosts(input: Parsed<typeof postRpc.commentsOfPosts>): Promise<CommentsOfPost[]> {
    return this.lists.ofPosts(input);
  }

  @Handle(postRpc.replies)
  repliesTo(input: Parsed<typeof postRpc.replies>): Promise<Page<Comment>> {
    return this.lists.repliesTo(input);
  }

  @Handle(postRpc.repliesToComments)
  firstRepliesTo(input: Parsed<typeof postRpc.repliesToComments>): Promise<RepliesToComment[]> {
    return this.lists.firstRepliesTo(input);
  }

  @Handle(postRpc.commentsByIds)
  byIds(input: Parsed<typeof postRpc.commentsByIds>): Promise<Comment[]> {
    return this.lists.byIds(input);
  }
}
