import { Controller } from '@nestjs/common';
import type { Payload } from '@fowergram/contracts-core';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { type EventContext, On } from '@fowergram/messaging';
import {
  coAuthorAcceptedChange,
  coAuthorInviteChange,
  commentChange,
  commentLikeChange,
  followAcceptedChange,
  followChange,
  followRequestChange,
  likeChange,
  mentionChanges,
  replyChange,
  repostChange,
  tagChanges,
} from './notifications.rules.js';
import { NotificationsService } from './notifications.service.js';

@Controller()
export class NotificationEventsController {
  constructor(private readonly notifications: NotificationsService) {}

  @On(postEvent.liked)
  liked(like: Payload<typeof postEvent.liked>, context: EventContext): Promise<void> {
    return this.notifications.record(likeChange(like, true), context);
  }

  @On(postEvent.unliked)
  unliked(like: Payload<typeof postEvent.unliked>, context: EventContext): Promise<void> {
    return this.notifications.record(likeChange(like, false), context);
  }

  @On(postEvent.reposted)
  reposted(repost: Payload<typeof postEvent.reposted>, context: EventContext): Promise<void> {
    return this.notifications.recordRepost(repost, context);
  }

  @On(postEvent.unreposted)
  unreposted(repost: Payload<typeof postEvent.unreposted>, context: EventContext): Promise<void> {
    return this.notifications.record(repostChange(repost, false), context);
  }

  @On(postEvent.commented)
  commented(comment: Payload<typeof postEvent.commented>, context: EventContext): Promise<void> {
    const { answered, isMuted } = comment;
    const changes = [commentChange(comment, !isMuted)];
    if (answered) changes.push(replyChange(comment, answered.userId, !answered.isMuted));
    return this.notifications.recordEach(changes, context);
  }

  @On(postEvent.commentDeleted)
  commentDeleted(comment: Payload<typeof postEvent.commentDeleted>, context: EventContext): Promise<void> {
    return this.notifications.hideComment(comment, context);
  }

  @On(postEvent.commentLiked)
  commentLiked(like: Payload<typeof postEvent.commentLiked>, context: EventContext): Promise<void> {
    return this.notifications.record(commentLikeChange(like, true), context);
  }

  @On(postEvent.commentUnliked)
  commentUnliked(like: Payload<typeof postEvent.commentUnliked>, context: EventContext): Promise<void> {
    return this.notifications.record(commentLikeChange(like, false), context);
  }

  @On(postEvent.mentioned)
  mentioned(mention: Payload<typeof postEvent.mentioned>, context: EventContext): Promise<void> {
    return this.notifications.recordEach(mentionChanges(mention, true), context);
  }

  @On(postEvent.unmentioned)
  unmentioned(mention: Payload<typeof postEvent.unmentioned>, context: EventContext): Promise<void> {
    return this.notifications.recordEach(mentionChanges(mention, false), context);
  }

  @On(postEvent.tagged)
  tagged(tag: Payload<typeof postEvent.tagged>, context: EventContext): Promise<void> {
    return this.notifications.recordEach(tagChanges(tag, true), context);
  }

  @On(postEvent.untagged)
  untagged(tag: Payload<typeof postEvent.untagged>, context: EventContext): Promise<void> {
    return this.notifications.recordEach(tagChanges(tag, false), context);
  }

  @On(postEvent.coAuthorInvited)
  coAuthorInvited(invite: Payload<typeof postEvent.coAuthorInvited>, context: EventContext): Promise<void> {
    return this.notifications.record(coAuthorInviteChange(invite, true), context);
  }

  @On(postEvent.coAuthorAccepted)
  coAuthorAccepted(fact: Payload<typeof postEvent.coAuthorAccepted>, context: EventContext): Promise<void> {
    const changes = [coAuthorInviteChange(fact, false), coAuthorAcceptedChange(fact, true)];
    return this.notifications.recordEach(changes, context);
  }

  @On(postEvent.coAuthorEnded)
  coAuthorEnded(fact: Payload<typeof postEvent.coAuthorEnded>, context: EventContext): Promise<void> {
    const changes = [coAuthorInviteChange(fact, false), coAuthorAcceptedChange(fact, false)];
    return this.notifications.recordEach(changes, context);
  }

  @On(userEvent.followed)
  followed(follow: Payload<typeof userEvent.followed>, context: EventContext): Promise<void> {
    return this.notifications.record(followChange(follow, true), context);
  }

  @On(userEvent.unfollowed)
  unfollowed(follow: Payload<typeof userEvent.unfollowed>, context: EventContext): Promise<void> {
    return this.notifications.recordEach([followChange(follow, false), followAcceptedChange(follow, false)], context);
  }

  @On(userEvent.followRequested)
  followRequested(request: Payload<typeof userEvent.followRequested>, context: EventContext): Promise<void> {
    return this.notifications.record(followRequestChange(request, true), context);
  }

  @On(userEvent.followRequestEnded)
  followRequestEnded(request: Payload<typeof userEvent.followRequestEnded>, context: EventContext): Promise<void> {
    return this.notifications.record(followRequestChange(request, false), context);
  }

  @On(userEvent.followAccepted)
  followAccepted(follow: Payload<typeof userEvent.followAccepted>, context: EventContext): Promise<void> {
    return this.notifications.record(followAcceptedChange(follow, true), context);
  }

  @On(postEvent.stateChanged)
  postStateChanged(change: Payload<typeof postEvent.stateChanged>, context: EventContext): Promise<void> {
    return this.notifications.followPost(change, context);
  }

  @On(postEvent.deleted)
  postDeleted(post: Payload<typeof postEvent.deleted>, context: EventContext): Promise<void> {
    return this.notifications.hidePost(post, context);
  }
}
