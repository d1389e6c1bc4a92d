import { Args, Context, ID, Info, Int, Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { PageInput, parseInput } from '@fowergram/contracts-core';
import { type Notification, type NotificationEdge as Edge, notificationRpc } from '@fowergram/contracts-notification';
import type { Comment, Post } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { findComment } from '../comments/comments.resolver.js';
import { CommentType } from '../comments/comments.types.js';
import { PostType } from '../posts/posts.types.js';
import { openNotificationStream } from './notification-stream.js';
import { UserType } from '../users/users.types.js';
import { FirstArgs, NotificationConnection, NotificationEdge, NotificationType } from './notifications.types.js';

@Resolver(() => NotificationType)
export class NotificationsResolver {
  @Query(() => NotificationConnection, {
    nullable: true,
    description: 'What others did that concerns you in the last 90 days, latest first.',
  })
  async notifications(
    @ViewerId() recipientId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<Notification>> {
    const connection = toConnection(
      await context.query(notificationRpc.list, { recipientId, ...pageInput(args) }),
      args,
    );
    const { users } = context.loaders;
    await Promise.allSettled([users.many(connection.edges.flatMap(({ node }) => node.actorIds))]);
    // What an account did that is not visible now is left out.
    return {
      ...connection,
      edges: connection.edges.filter(({ node }) => node.actorIds.some((id) => !users.isMissing(id))),
    };
  }

  @Query(() => Int, {
    nullable: true,
    description:
      'How many of your notifications are unread, as the list shows them: what hidden accounts did is not counted.',
  })
  async unreadNotificationCount(@ViewerId() recipientId: string, @Context() context: RequestContext): Promise<number> {
    const { count } = await context.ask(notificationRpc.unreadCount, { recipientId });
    return count;
  }

  @Mutation(() => Int, {
    description: 'Marks this notification and all older ones read; answers how many are still unread.',
  })
  async markNotificationsRead(
    @ViewerId() recipientId: string,
    @Args('upTo', {
      type: () => ID,
      description: 'The latest notification that you have seen; one of somebody else is NOT_FOUND.',
    })
    upTo: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<number> {
    const input = { recipientId, upToId: parseId('notification', upTo, ['upTo']) };
    const { unreadCount } = await context.command(info, notificationRpc.markRead, input, renamed({ upToId: 'upTo' }));
    return unreadCount;
  }

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
  async actors({ actorIds }: Notification, args: FirstArgs, context: RequestContext): Promise<Profile[]> {
    const { first } = parseInput(PageInput, { first: args.first ?? undefined });
    return context.loaders.users.many(actorIds.slice(0, first));
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
