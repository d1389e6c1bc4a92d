import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type SignIn, SignInOutcome as OutcomeSchema } from '@fowergram/contracts-user';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { SignInMethod } from './accounts.types.js';

export const SignInOutcome = OutcomeSchema.enum;
registerEnumType(SignInOutcome, {
  name: 'SignInOutcome',
  description: 'TOKEN_REUSED: a refresh token was used twice, as a stolen one would be; the session was ended.',
});

@ObjectType('SignIn', { description: 'One line of your login history.' })
export class SignInType implements Pick<SignIn, 'outcome' | 'method' | 'device' | 'ipAddress' | 'createdAt'> {
  @Field(() => SignInOutcome)
  outcome: SignIn['outcome'];

  @Field(() => SignInMethod, { nullable: true })
  method: SignIn['method'];

  @Field({ description: 'Such as "Firefox on Linux", as the client said of itself.' })
  device: string;

  @Field()
  ipAddress: string;

  @Field(() => DateTime)
  createdAt: string;
}

export const { Connection: SignInConnection } = connectionTypes('SignIn', () => SignInType);

@ObjectType('AccountSession', { description: 'A place where you are signed in.' })
export class AccountSession {
  @Field(() => ID)
  id: string;

  @Field({ description: 'True for the session of this request.' })
  isCurrent: boolean;

  @Field({ description: 'Such as "Firefox on Linux", as the client said of itself.' })
  device: string;

  @Field({ description: 'Where it was used last; empty where nobody knows.' })
  ipAddress: string;

  @Field(() => DateTime)
  signedInAt: string;

  @Field(() => DateTime, {
    description: 'When its tokens were last renewed; that happens about once an hour while it is in use.',
  })
  lastUsedAt: string;
}
