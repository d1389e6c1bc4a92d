import { Args, Context, Extensions, ID, Info, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MAX_COUNTED, type Notification, notificationRpc } from '@fowergram/contracts-notification';
import { renamed, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { type ConnectionOf, TwoWayPageArgs } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { listNotifications } from './notifications.presenter.js';
import { NotificationConnection, NotificationSummary } from './notifications.types.js';

interface Summary {
  recipientId: string;
  /** Where it is known already. */
  unreadCount?: number;
}

@Resolver(() => NotificationSummary)
export class NotificationSummaryResolver {
  @Query(() => NotificationSummary, {
    nullable: true,
    description: 'Your notifications under an id, by which a cache knows what markNotificationsRead has changed.',
  })
  notificationSummary(@ViewerId() recipientId: string): Summary {
    return { recipientId };
  }

  @Mutation(() => NotificationSummary, {
    description:
      'Marks this notification and all older ones read. Ask for as many notifications as you show, and each says anew whether it is read.',
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
  ): Promise<Summary> {
    const input = { recipientId, upToId: parseId('notification', upTo, ['upTo']) };
    const { unreadCount } = await context.command(info, notificationRpc.markRead, input, renamed({ upToId: 'upTo' }));
    return { recipientId, unreadCount };
  }

  @ResolveField()
  id({ recipientId }: Summary): string {
    return globalId('notification-summary', recipientId);
  }

  @ResolveField(() => Int, {
    description: `How many are unread, as the list shows them: what hidden, blocked or muted accounts did is not counted. Of more than ${MAX_COUNTED}, the newest are looked at.`,
  })
  async unreadCount({ recipientId, unreadCount }: Summary, _args: unknown, context: RequestContext): Promise<number> {
    return unreadCount ?? (await context.ask(notificationRpc.unreadCount, { recipientId })).count;
  }

  @Extensions({ cursorsOf: 'notifications' })
  @ResolveField(() => NotificationConnection, { description: 'Newest first.' })
  @FieldArgs(TwoWayPageArgs)
  notifications(
    { recipientId }: Summary,
    args: TwoWayPageArgs,
    context: RequestContext,
  ): Promise<ConnectionOf<Notification>> {
    return listNotifications(recipientId, args, context);
  }
}
