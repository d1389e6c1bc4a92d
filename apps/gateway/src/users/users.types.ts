import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MAX_HASHTAGS, MAX_MENTIONS } from '@fowergram/contracts-core';
import {
  MAX_BIO_LENGTH,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_LINK_LENGTH,
  MAX_LINKS,
  MAX_USERNAME_LENGTH,
  MIN_USERNAME_LENGTH,
  type Profile,
  Role as RoleSchema,
} from '@fowergram/contracts-user';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Node } from '../api/schema/node.types.js';

const NAME_RULE = `${MIN_USERNAME_LENGTH} to ${MAX_USERNAME_LENGTH} letters a–z, digits, dots and underscores`;

export const Role = RoleSchema.enum;
registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do for the others.',
  valuesMap: {
    USER: { description: 'Acts for themselves only, as nearly everybody does.' },
    MODERATOR: { description: 'May suspend, ban and reinstate those who are USER.' },
    ADMIN: { description: 'May moderate everybody but themselves, and gives roles.' },
  },
});

@ObjectType('User', {
  implements: () => [Node],
  description:
    'Somebody with an account, as everybody sees them. Who is deactivated, suspended, banned or deleted is shown nowhere.',
})
export class UserType implements Omit<Profile, 'id' | 'avatarMediaId'> {
  @Field({
    description: `The name that links lead to: ${NAME_RULE}. It is unique without regard to case, and may change.`,
  })
  username: string;

  @Field({
    description: `Free text of one line, up to ${MAX_DISPLAY_NAME_LENGTH} characters; empty when the user has chosen none.`,
  })
  displayName: string;

  @Field({ description: `What the user says about themselves, up to ${MAX_BIO_LENGTH} characters; may be empty.` })
  bio: string;

  @Field(() => [String], {
    description: `Addresses of pages that the user points to, up to ${MAX_LINKS} with http: or https:, as browsers write them.`,
  })
  links: string[];

  @Field({ description: 'True when an administrator has checked that the account is of whom it says.' })
  isVerified: boolean;

  @Field({
    description:
      'True when whoever wants to follow has to ask, and only followers see the posts and the lists of the user.',
  })
  isPrivate: boolean;

  @Field({
    description:
      'False when followers, following, mutualFollows and familiarFollowers are empty for everybody but the user.',
  })
  showsFollowLists: boolean;

  @Field(() => Role, { description: 'What the user may do for the others; nearly everybody is USER.' })
  role: Profile['role'];

  @Field(() => DateTime, { description: 'When the account was made.' })
  createdAt: string;
}

export const { Connection: UserConnection } = connectionTypes('User', () => UserType);

@InputType({
  description: 'What to change about your profile. What is left out, or null where null means nothing, stays as it is.',
})
export class UpdateProfileInput {
  @Field(() => String, {
    nullable: true,
    description: `A new name: ${NAME_RULE}, neither a dot at an end nor two in a row. A name that is taken, or was until 30 days ago, is CONFLICT with the reason USERNAME_TAKEN; yours of before is kept from others for 30 days.`,
  })
  username?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `One line of up to ${MAX_DISPLAY_NAME_LENGTH} characters; empty removes it.`,
  })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Up to ${MAX_BIO_LENGTH} characters, ${MAX_HASHTAGS} different hashtags and ${MAX_MENTIONS} different mentions; empty removes it.`,
  })
  bio?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'READY media of your own; null removes the picture. Media that are not READY are CONFLICT (MEDIA_NOT_READY).',
  })
  avatarMediaId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Up to ${MAX_LINKS} addresses with http: or https: of up to ${MAX_LINK_LENGTH} characters each, without a name and password; an empty list removes them.`,
  })
  links?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False hides from everybody else who follows you and whom you follow; the counts stay.',
  })
  showsFollowLists?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True lets nobody follow you unasked, and shows your posts and lists to followers only; who follows already stays. False accepts all who wait.',
  })
  isPrivate?: boolean | null;
}
