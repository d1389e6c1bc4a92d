import { registerEnumType } from '@nestjs/graphql';
import {
  AccountStatus as StatusSchema,
  type ErasurePart as PartModel,
  SecondFactorState as SecondFactorSchema,
  SignInMethod as MethodSchema,
} from '@fowergram/contracts-user';

export const SignInMethod = MethodSchema.enum;
registerEnumType(SignInMethod, {
  name: 'SignInMethod',
  description: 'How somebody shows who they are.',
  valuesMap: {
    PASSWORD: { description: 'By e-mail address and password.' },
    THIRD_PARTY: { description: 'By an account elsewhere, such as Google or GitHub.' },
    EMAIL_CODE: { description: 'By a code that comes in a mail.' },
  },
});

export const SecondFactorState = SecondFactorSchema.enum;
registerEnumType(SecondFactorState, {
  name: 'SecondFactorState',
  description: 'Whether a code of an authenticator app is asked for besides.',
  valuesMap: {
    OFF: { description: 'No code is asked for.' },
    ON: { description: 'A code is asked for at each sign-in.' },
    REQUIRED: { description: 'The role asks for a second factor that is not set up yet.' },
  },
});

export const AccountStatus = StatusSchema.enum;
registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: 'Whether an account can be used and is seen by others; only an ACTIVE one is.',
  valuesMap: {
    ACTIVE: { description: 'The usual state.' },
    DEACTIVATED: { description: 'Its user has hidden it; the next sign-in makes it ACTIVE again.' },
    SUSPENDED: { description: 'A moderator has hidden it until suspendedUntil.' },
    BANNED: { description: 'A moderator has hidden it until somebody reinstates it.' },
    DELETED: { description: 'Its user has deleted it; it does not come back.' },
  },
});

/** The values are those of the contract; the names are what clients see. */
export const ErasurePart = {
  AUTH: 'auth',
  USER: 'user',
  POST: 'post',
  MEDIA: 'media',
  NOTIFICATION: 'notification',
} as const satisfies Record<Uppercase<PartModel>, PartModel>;
registerEnumType(ErasurePart, {
  name: 'ErasurePart',
  description: 'What is erased when an account is deleted, by who keeps it.',
  valuesMap: {
    AUTH: { description: 'Credentials and sessions.' },
    USER: { description: 'The profile, follows and the login history.' },
    POST: { description: 'Posts, likes and comments.' },
    MEDIA: { description: 'Uploaded pictures and all their sizes.' },
    NOTIFICATION: { description: 'Notifications, and those that others have of the user.' },
  },
});

export enum EmailChange {
  CHANGED = 'CHANGED',
  VERIFICATION_SENT = 'VERIFICATION_SENT',
}
registerEnumType(EmailChange, {
  name: 'EmailChange',
  description: 'What has come of the wish for another address.',
  valuesMap: {
    CHANGED: { description: 'The address is the new one from now on.' },
    VERIFICATION_SENT: { description: 'The address changes when the link in the mail to it is followed.' },
  },
});
