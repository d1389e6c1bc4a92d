import { Controller } from '@nestjs/common';
import type { Parsed, Payload } from '@fowergram/contracts-core';
import { type Comment, moderationRpc, type Post } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, Handle, On } from '@fowergram/messaging';
import { ModerationService } from './moderation.service.js';

@Controller()
export class ModerationController {
  constructor(private readonly moderation: ModerationService) {}

  @Handle(moderationRpc.hideReported)
  hideReported(reported: Parsed<typeof moderationRpc.hideReported>): Promise<Record<string, never>> {
    return this.moderation.hideReported(reported);
  }

  @Handle(moderationRpc.apply)
  apply(decision: Parsed<typeof moderationRpc.apply>): Promise<Record<string, never>> {
    return this.moderation.apply(decision);
  }

  @Handle(moderationRpc.posts)
  posts(input: Parsed<typeof moderationRpc.posts>): Promise<Post[]> {
    return this.moderation.postsForModerators(input);
  }

  @Handle(moderationRpc.comments)
  comments(input: Parsed<typeof moderationRpc.comments>): Promise<Comment[]> {
    return this.moderation.commentsForModerators(input);
  }

  @On(userEvent.contentReported)
  contentReported(reported: Payload<typeof userEvent.contentReported>, context: EventContext): Promise<void> {
    return this.moderation.followReport(reported, context);
  }

  @On(userEvent.contentModerated)
  contentModerated(decision: Payload<typeof userEvent.contentModerated>, context: EventContext): Promise<void> {
    return this.moderation.followDecision(decision, context);
  }
}
