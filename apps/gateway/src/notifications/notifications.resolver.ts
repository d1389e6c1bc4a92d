import { Args, Context, Extensions, ID, Int, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { PageInput, parseInput } from '@fowergram/contracts-core';
import {
  MAX_COUNTED,
  type Notification,
  type NotificationEdge as Edge,
  notificationRpc,
} from '@fowergram/contracts-notification';
import type { Comment, Post } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { type ConnectionOf, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { findUserFields } from '../users/user-fields.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { findComment } from '../comments/find-comments.js';
import { CommentType } from '../comments/comments.types.js';
import { PostType } from '../posts/posts.types.js';
import { listNotifications } from './notifications.presenter.js';
import { openNotificationStream } from './notification-stream.js';
import { UserType } from '../users/users.types.js';
import { FirstArgs, NotificationConnection, NotificationEdge, NotificationType } from './notifications.types.js';

@Resolver(() => NotificationType)
export class NotificationsResolver {
  @Extensions({ cursorsOf: 'notifications' })
  @Query(() => NotificationConnection, {
    nullable: true,
    description: 'What others did that concerns you in the last 90 days, latest first.',
  })
  notifications(
    @ViewerId() recipientId: string,
    @Args() args: TwoWayPageArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<Notification>> {
    return listNotifications(recipientId, args, context);
  }

  @Query(() => Int, {
    nullable: true,
    description: `How many of your notifications are unread, as the list shows them: what hidden, blocked or muted accounts did is not counted. Of more than ${MAX_COUNTED}, the newest are looked at. The same as notificationSummary.unreadCount, which a cache knows by its id.`,
  })
  async unreadNotificationCount(@ViewerId() recipientId: string, @Context() context: RequestContext): Promise<number> {
    const { count } = await context.ask(notificationRpc.unreadCount, { recipientId });
    return count;
  }

  @Extensions({ cursorsOf: 'notifications' })
  @Subscription(() => NotificationEdge, {
    description:
      'New notifications as they come. Give the last cursor that you saw as `after`: everything since then comes first, nothing is left out and nothing comes twice. A cursor that is too old is answered with GAP: then read the list again.',
    resolve: (edge: Edge) => edge,
  })
  notificationReceived(
    @ViewerId() recipientId: string,
    @Args('after', {
      type: () => String,
      nullable: true,
      description: 'The last cursor that you saw, up to 200 characters; new ones only if left out.',
    })
    after: string | null | undefined,
    @Context() context: RequestContext,
  ): Promise<AsyncIterableIterator<Edge>> {
    return openNotificationStream(context.shared, recipientId, after ?? null);
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id(notification: Notification): string {
    return globalId('notification', notification.id);
  }

  @ResolveField(() => [UserType], { description: 'Who did it, latest first.' })
  @FieldArgs(FirstArgs)
  async actors(
    { actorIds }: Notification,
    args: FirstArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<Profile[]> {
    const { first } = parseInput(PageInput, { first: args.first ?? undefined });
    const shown = actorIds.slice(0, first);
    const [actors] = await Promise.all([context.loaders.users.many(shown), findUserFields(shown, context, info)]);
    return actors;
  }

  @ResolveField(() => PostType, {
    nullable: true,
    description: 'The post that it is about; null when the post is gone, or when it is not about a post.',
  })
  post({ postId }: Notification, _args: unknown, context: RequestContext): Post | null | Promise<Post | null> {
    return postId === null ? null : context.loaders.posts.get(postId);
  }

  @ResolveField(() => CommentType, {
    nullable: true,
    description: 'The comment that it is about; null when the comment is gone, or when it is not about a comment.',
  })
  comment(
    { commentId }: Notification,
    _args: unknown,
    context: RequestContext,
  ): Comment | null | Promise<Comment | null> {
    return commentId === null ? null : findComment(commentId, context);
  }
}
