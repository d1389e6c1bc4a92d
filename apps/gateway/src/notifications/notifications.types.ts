import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '@fowergram/contracts-core';
import { type Notification, NotificationKind as NotificationKindSchema } from '@fowergram/contracts-notification';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

const NotificationKind = NotificationKindSchema.enum;
registerEnumType(NotificationKind, {
  name: 'NotificationKind',
  description:
    'What a notification is about. More kinds may come: show one that you do not know as something that happened.',
  valuesMap: {
    LIKE: { description: 'Somebody likes a post of yours.' },
    COMMENT: { description: 'Somebody said something about a post of yours.' },
    FOLLOW: { description: 'Somebody follows you.' },
    FOLLOW_REQUEST: {
      description: 'Somebody asks to follow you. It is gone once you have answered, or they have withdrawn.',
    },
    MENTION: { description: 'Somebody mentions you in a post, or in a comment under one, that you may see.' },
    REPLY: { description: 'Somebody answered a comment of yours, under the post of somebody else.' },
    COMMENT_LIKE: { description: 'Somebody likes a comment of yours.' },
    TAG: { description: 'Somebody has tagged you in a picture of a post that you may see.' },
    CO_AUTHOR_INVITE: {
      description:
        'Somebody asks you to be a co-author of a post. It is gone once you have answered, or they have withdrawn.',
    },
    CO_AUTHOR_ACCEPTED: { description: 'Somebody whom you asked is a co-author of a post of yours.' },
    FOLLOW_ACCEPTED: { description: 'Somebody whom you asked to follow has accepted, and you follow them.' },
    REPOST: { description: 'Somebody has passed on a post of yours.' },
  },
});

@ObjectType('Notification', {
  implements: () => [Node],
  description: 'Something that others did and that concerns you. Only you see it, for 90 days.',
})
export class NotificationType implements Pick<
  Notification,
  'kind' | 'actorCount' | 'isRead' | 'createdAt' | 'updatedAt'
> {
  @Field(() => NotificationKind, { description: 'Which action of others it is about.' })
  kind: Notification['kind'];

  @Field(() => Int, { description: 'How many users did it; actors shows the latest of them.' })
  actorCount: number;

  @Field({
    description: 'True once you have marked it, or a later one, as read; done anew it is unread again.',
  })
  isRead: boolean;

  @Field(() => DateTime, {
    description: 'When it was done. Done anew after it was taken back, it has the time of that.',
  })
  createdAt: string;

  @Field(() => DateTime, { description: 'When the notification changed last.' })
  updatedAt: string;
}

export const { Edge: NotificationEdge, Connection: NotificationConnection } = connectionTypes(
  'Notification',
  () => NotificationType,
);

@ArgsType()
export class FirstArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many of the latest: 0 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} if left out.`,
  })
  first?: number | null;
}

@ObjectType({ description: 'Your notifications as a whole: how many are unread, and the list of them.' })
export class NotificationSummary {
  @Field(() => ID, { description: 'The same for as long as your account exists.' })
  id: string;
}
