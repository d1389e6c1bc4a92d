import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type SignIn, SignInOutcome as OutcomeSchema } from '@fowergram/contracts-user';
import { connectionTypes } from '../api/schema/connection.types.js';
import { DateTime } from '../api/schema/date-time.scalar.js';
import { SignInMethod } from './account-enums.types.js';

export const SignInOutcome = OutcomeSchema.enum;
registerEnumType(SignInOutcome, {
  name: 'SignInOutcome',
  description: 'What came of a try to sign in, or ended a session.',
  valuesMap: {
    SIGNED_UP: { description: 'The account was made.' },
    SIGNED_IN: { description: 'Everything that was asked for was right.' },
    WRONG_PASSWORD: { description: 'The password was not right.' },
    WRONG_CODE: { description: 'The code of a mail or of the authenticator app was not right.' },
    TOKEN_REUSED: {
      description: 'A refresh token was used twice, as a stolen one would be; the session was ended.',
    },
  },
});

@ObjectType('SignIn', {
  description: 'One line of your login history. It is kept for 180 days after its session was used last.',
})
export class SignInType implements Pick<SignIn, 'outcome' | 'method' | 'device' | 'ipAddress' | 'createdAt'> {
  @Field(() => ID, { description: 'Tells the lines apart; node(id) does not find them.' })
  id: string;

  @Field(() => SignInOutcome, { description: 'Whether it worked, and what was wrong otherwise.' })
  outcome: SignIn['outcome'];

  @Field(() => SignInMethod, { nullable: true, description: 'The way that was tried; null when it was none.' })
  method: SignIn['method'];

  @Field({ description: 'Such as "Firefox on Linux", as the client said of itself.' })
  device: string;

  @Field({ description: 'The IP address that it came from, IPv4 or IPv6; empty where nobody knows.' })
  ipAddress: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  createdAt: string;
}

export const { Connection: SignInConnection } = connectionTypes('SignIn', () => SignInType);

@ObjectType('AccountSession', { description: 'A device on which you are signed in.' })
export class AccountSession {
  @Field(() => ID, { description: 'Give it to revokeSession; it is no id of node.' })
  id: string;

  @Field({ description: 'True for the session of this request.' })
  isCurrent: boolean;

  @Field({ description: 'Such as "Firefox on Linux", as the client said of itself.' })
  device: string;

  @Field({ description: 'The IP address from which it was used last; empty where nobody knows.' })
  ipAddress: string;

  @Field(() => DateTime, { description: 'When you signed in there.' })
  signedInAt: string;

  @Field(() => DateTime, {
    description: 'When its tokens were last renewed; that happens about once an hour while it is in use.',
  })
  lastUsedAt: string;
}
