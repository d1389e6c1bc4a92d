import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Account, Erasure, ErasurePart as PartModel } from '@fowergram/contracts-user';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { Role } from '../users/users.types.js';
import { AccountStatus, EmailChange, ErasurePart, SecondFactorState, SignInMethod } from './account-enums.types.js';

/** Whose account it is; the fields of MyAccount are looked up when they are asked for. */
export interface AccountOwner {
  userId: string;
}

@ObjectType({ description: 'Your account, as only you see it.' })
export class MyAccount {
  @Field(() => ID, { description: 'The same for as long as your account exists.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'The address that mails go to; null when a provider gave none.' })
  email: string | null;

  @Field({ description: 'True once you have shown that mails to the address reach you.' })
  emailVerified: boolean;

  @Field({
    description:
      'False when you sign in with a provider or a code only; re-authentication then asks for a session younger than ten minutes.',
  })
  hasPassword: boolean;

  @Field(() => [SignInMethod], { description: 'The ways in which you can sign in.' })
  signInMethods: (keyof typeof SignInMethod)[];

  @Field(() => SecondFactorState, { description: 'Whether a code is asked for when you sign in.' })
  secondFactor: keyof typeof SecondFactorState;

  @Field(() => Role, { description: 'What you may do for the others.' })
  role: keyof typeof Role;
}

@ObjectType({ description: 'What changePassword has changed.' })
export class ChangePasswordPayload {
  @Field(() => MyAccount, { nullable: true, description: 'Your account, of whose sessions only this one is left.' })
  account: AccountOwner;
}

@ObjectType({ description: 'What changeEmail has changed.' })
export class ChangeEmailPayload {
  @Field(() => EmailChange, { description: 'Whether the address is another one now.' })
  outcome: EmailChange;

  @Field(() => MyAccount, { nullable: true, description: 'Your account, with the address that it has now.' })
  account: AccountOwner;
}

@ObjectType({ description: 'What revokeSession has ended.' })
export class RevokeSessionPayload {
  @Field(() => ID, { description: 'The id of the session, which is no longer there.' })
  sessionId: string;

  @Field(() => MyAccount, { nullable: true, description: 'Your account, with the sessions that it has now.' })
  account: AccountOwner;
}

@ObjectType({ description: 'What revokeOtherSessions has ended.' })
export class RevokeOtherSessionsPayload {
  @Field(() => [ID], { description: 'What was signed out; none where there was no other.' })
  sessionIds: string[];

  @Field(() => MyAccount, { nullable: true, description: 'Your account, with the sessions that it has now.' })
  account: AccountOwner;
}

@ObjectType({ description: 'An account as moderators see it.' })
export class ModeratedAccount implements Pick<
  Account,
  'role' | 'status' | 'suspendedUntil' | 'reason' | 'changedAt' | 'username'
> {
  @Field(() => ID, { description: 'Of the account as moderators see it; that of the user is userId.' })
  id: string;

  @Field({ description: 'The name of the user, also while nobody else sees it.' })
  username: string;

  @Field(() => Role, { description: 'What the user may do for the others.' })
  role: Account['role'];

  @Field(() => AccountStatus, { description: 'Whether the account can be used, and why not.' })
  status: Account['status'];

  @Field(() => DateTime, { nullable: true, description: 'When the suspension ends by itself; null unless SUSPENDED.' })
  suspendedUntil: string | null;

  @Field(() => String, { nullable: true, description: 'Why a moderator suspended or banned it; null otherwise.' })
  reason: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When role or status changed last; null when neither ever did.',
  })
  changedAt: string | null;
}

@ObjectType({ description: 'What one service has to erase, and whether it has.' })
export class AccountErasurePart {
  @Field(() => ErasurePart, { description: 'Whose share of the data it is.' })
  part: PartModel;

  @Field(() => DateTime, { nullable: true, description: 'When nothing of it was left; null until then.' })
  doneAt: string | null;
}

@ObjectType({ description: 'How far the erasure of a deleted account has come.' })
export class AccountErasure implements Pick<Erasure, 'requestedAt' | 'completedAt'> {
  @Field(() => ID, { description: 'The same whenever the same receipt is asked about.' })
  id: string;

  @Field(() => ID, { description: 'Ask accountErasure with it; no session is needed. Nobody can guess it.' })
  receipt: string;

  @Field(() => DateTime, { description: 'When the account was deleted.' })
  requestedAt: string;

  @Field(() => DateTime, { nullable: true, description: 'When all parts were done; null until then.' })
  completedAt: string | null;

  @Field(() => [AccountErasurePart], { description: 'Each part, done or not.' })
  parts: AccountErasurePart[];
}
