import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Profile, type Relationship as RelationshipModel, Role as RoleSchema } from '@fowergram/contracts-user';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

export const Role = RoleSchema.enum;
registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do for the others: a MODERATOR acts on USERs, an ADMIN on everybody.',
});

@ObjectType('User', { implements: () => [Node], description: 'A user.' })
export class UserType implements Pick<Profile, 'username' | 'displayName' | 'bio' | 'role' | 'createdAt'> {
  @Field({ description: 'Unique without regard to case: 3 to 30 letters a–z, digits, dots and underscores.' })
  username: string;

  @Field({ description: 'Free text of up to 64 characters; empty when the user has chosen none.' })
  displayName: string;

  @Field({ description: 'Up to 500 characters.' })
  bio: string;

  @Field(() => Role)
  role: Profile['role'];

  @Field(() => DateTime, { description: 'When the account was made.' })
  createdAt: string;
}

@ObjectType({ description: 'How you and another user stand to each other.' })
export class Relationship implements Pick<RelationshipModel, 'following' | 'followedBy'> {
  @Field({ description: 'You follow this user.' })
  following: boolean;

  @Field({ description: 'This user follows you.' })
  followedBy: boolean;
}

export const { Connection: UserConnection } = connectionTypes('User', () => UserType);

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  displayName?: string | null;

  @Field(() => String, { nullable: true })
  bio?: string | null;

  @Field(() => ID, { nullable: true, description: 'READY media of your own; null removes the picture.' })
  avatarMediaId?: string | null;
}
