import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  type Account,
  AccountStatus as StatusSchema,
  type Erasure,
  ErasurePart as PartSchema,
  SecondFactorState as SecondFactorSchema,
  SignInMethod as MethodSchema,
} from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Role } from '../users/users.types.js';

export const SecondFactorState = SecondFactorSchema.enum;
export const SignInMethod = MethodSchema.enum;
export const AccountStatus = StatusSchema.enum;
export const ErasurePart = PartSchema.enum;
export enum EmailChange {
  CHANGED = 'CHANGED',
  VERIFICATION_SENT = 'VERIFICATION_SENT',
}
registerEnumType(SecondFactorState, {
  name: 'SecondFactorState',
  description: 'REQUIRED: the role asks for a second factor that is not set up yet.',
});
registerEnumType(SignInMethod, { name: 'SignInMethod' });
registerEnumType(AccountStatus, { name: 'AccountStatus' });
registerEnumType(ErasurePart, { name: 'ErasurePart' });
registerEnumType(EmailChange, {
  name: 'EmailChange',
  description: 'VERIFICATION_SENT: the address changes when the link in the mail to it is followed.',
});

@ObjectType({ description: 'Your account, as only you see it.' })
export class MyAccount {
  @Field(() => String, { nullable: true })
  email: string | null;

  @Field()
  emailVerified: boolean;

  @Field({
    description:
      'False when you sign in with a provider or a code only; re-authentication then asks for a session younger than ten minutes.',
  })
  hasPassword: boolean;

  @Field(() => [SignInMethod])
  signInMethods: (keyof typeof SignInMethod)[];

  @Field(() => SecondFactorState)
  secondFactor: keyof typeof SecondFactorState;

  @Field(() => Role)
  role: keyof typeof Role;
}

@ObjectType({ description: 'An account as moderators see it.' })
export class ModeratedAccount implements Pick<
  Account,
  'role' | 'status' | 'suspendedUntil' | 'reason' | 'changedAt' | 'username'
> {
  @Field()
  username: string;

  @Field(() => Role)
  role: Account['role'];

  @Field(() => AccountStatus)
  status: Account['status'];

  @Field(() => DateTime, { nullable: true })
  suspendedUntil: string | null;

  @Field(() => String, { nullable: true, description: 'Why a moderator suspended or banned it.' })
  reason: string | null;

  @Field(() => DateTime, { nullable: true })
  changedAt: string | null;
}

@ObjectType()
export class AccountErasurePart {
  @Field(() => ErasurePart)
  part: keyof typeof ErasurePart;

  @Field(() => DateTime, { nullable: true })
  doneAt: string | null;
}

@ObjectType({ description: 'How far the erasure of a deleted account has come.' })
export class AccountErasure implements Pick<Erasure, 'requestedAt' | 'completedAt'> {
  @Field(() => ID, { description: 'Ask accountErasure with it; no session is needed. Nobody can guess it.' })
  receipt: string;

  @Field(() => DateTime)
  requestedAt: string;

  @Field(() => DateTime, { nullable: true })
  completedAt: string | null;

  @Field(() => [AccountErasurePart])
  parts: AccountErasurePart[];
}

@InputType()
export class ReauthenticationInput {
  @Field(() => String, {
    nullable: true,
    description: 'Your password; accounts without one need a session younger than ten minutes instead.',
  })
  password?: string | null;
}

@InputType()
export class ChangePasswordInput {
  @Field()
  currentPassword: string;

  @Field()
  newPassword: string;
}

@InputType()
export class ChangeEmailInput extends ReauthenticationInput {
  @Field()
  newEmail: string;
}

@InputType()
export class ModerationInput {
  @Field(() => ID)
  userId: string;

  @Field({ description: 'Up to 500 characters; other moderators see it.' })
  reason: string;
}

@InputType()
export class SuspendUserInput extends ModerationInput {
  @Field(() => DateTime)
  until: string;
}

@InputType()
export class SetUserRoleInput extends ModerationInput {
  @Field(() => Role)
  role: keyof typeof Role;
}
