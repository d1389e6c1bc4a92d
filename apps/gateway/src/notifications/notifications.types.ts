import { ArgsType, Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Notification, NotificationKind as NotificationKindSchema } from '@fowergram/contracts-notification';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

const NotificationKind = NotificationKindSchema.enum;
registerEnumType(NotificationKind, { name: 'NotificationKind' });

@ObjectType('Notification', {
  implements: () => [Node],
  description: 'Something that others did and that concerns you.',
})
export class NotificationType implements Pick<
  Notification,
  'kind' | 'actorCount' | 'isRead' | 'createdAt' | 'updatedAt'
> {
  @Field(() => NotificationKind)
  kind: Notification['kind'];

  @Field(() => Int, { description: 'How many users did it; actors shows the latest of them.' })
  actorCount: number;

  @Field()
  isRead: boolean;

  @Field(() => DateTime)
  createdAt: string;

  @Field(() => DateTime)
  updatedAt: string;
}

export const { Edge: NotificationEdge, Connection: NotificationConnection } = connectionTypes(
  'Notification',
  () => NotificationType,
);

@ArgsType()
export class FirstArgs {
  @Field(() => Int, { nullable: true, description: 'How many: 1 to 100, 20 if left out.' })
  first?: number | null;
}
