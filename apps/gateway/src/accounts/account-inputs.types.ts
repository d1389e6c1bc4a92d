import { Field, ID, InputType } from '@nestjs/graphql';
import { MAX_REASON_LENGTH } from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Role } from '../users/users.types.js';

@InputType({ description: 'Shows that it is you, and not somebody at your open screen.' })
export class ReauthenticationInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Your password, else BAD_USER_INPUT (WRONG_PASSWORD). Accounts without one need a session younger than ten minutes instead, else FORBIDDEN (REAUTHENTICATE).',
  })
  password?: string | null;
}

@InputType({ description: 'The password of now and the one to come.' })
export class ChangePasswordInput {
  @Field({ description: 'The password that you sign in with; another one is BAD_USER_INPUT (WRONG_PASSWORD).' })
  currentPassword: string;

  @Field({ description: 'At least 8 and fewer than 100 characters, a letter and a digit among them.' })
  newPassword: string;
}

@InputType({ description: 'The address that you wish, and the proof that it is you who wishes it.' })
export class ChangeEmailInput extends ReauthenticationInput {
  @Field({ description: 'An e-mail address that no other account has, else CONFLICT (EMAIL_TAKEN).' })
  newEmail: string;
}

@InputType({ description: 'An account, and why something is done to it.' })
export class ModerationInput {
  @Field(() => ID, { description: 'Whose account it is; nobody, or one that is deleted, is NOT_FOUND.' })
  userId: string;

  @Field({ description: `Why, in 1 to ${MAX_REASON_LENGTH} characters; other moderators see it, the user does not.` })
  reason: string;
}

@InputType({ description: 'An account, until when it is suspended, and why.' })
export class SuspendUserInput extends ModerationInput {
  @Field(() => DateTime, { description: 'When it ends by itself; the past is BAD_USER_INPUT (NOT_IN_FUTURE).' })
  until: string;
}

@InputType({ description: 'An account, whether it is verified, and why.' })
export class SetVerifiedInput extends ModerationInput {
  @Field({ description: 'Whether the account is of whom it says.' })
  isVerified: boolean;
}

@InputType({ description: 'An account, its new role, and why.' })
export class SetUserRoleInput extends ModerationInput {
  @Field(() => Role, { description: 'What the user may do from now on.' })
  role: keyof typeof Role;
}
