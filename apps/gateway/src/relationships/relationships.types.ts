import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import type { Relationship as RelationshipModel } from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';

@ObjectType({ description: 'How you and another user stand to each other.' })
export class Relationship implements Omit<RelationshipModel, 'userId'> {
  @Field(() => ID, { description: 'Of the two of you: another viewer has another one with this user.' })
  id: string;

  @Field({ description: 'True while you follow this user.' })
  following: boolean;

  @Field({ description: 'True while you wait for this user, whose account is private, to accept that you follow.' })
  requested: boolean;

  @Field({ description: 'True while this user follows you.' })
  followedBy: boolean;

  @Field({ description: 'True while this user waits for you to accept that they follow.' })
  requestedBy: boolean;

  @Field({ description: 'True while you block this user. Nobody sees who blocks them.' })
  blocking: boolean;

  @Field({ description: 'True while you mute posts or notifications of this user, which only you see.' })
  muting: boolean;

  @Field({ description: 'True while this user is one of your close friends, which only you see.' })
  closeFriend: boolean;
}

@ArgsType()
export class MuteUserArgs {
  @Field(() => ID, { description: 'Whom to mute.' })
  userId: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether their posts leave your feed; true if left out. To mute nothing is BAD_USER_INPUT (NOTHING_TO_MUTE).',
  })
  posts?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether you are notified of nothing they do; true if left out.',
  })
  notifications?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the mute ends; if left out, when you end it. The past is BAD_USER_INPUT (NOT_IN_FUTURE).',
  })
  until?: string | null;
}
