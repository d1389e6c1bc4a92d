import { Module } from '@nestjs/common';
import { RevocationsCache } from './sessions/revoked-sessions.cache.js';
import { Revocations } from './sessions/revoked-sessions.service.js';
import { RedisLink } from '../redis.js';
import { AccountEnd } from '../accounts/account-closure.service.js';
import { AccountSessions } from './sessions/account-sessions.service.js';
import { BarredAccounts } from './account-access/account-denylist.service.js';
import { Credentials } from './login-methods/credentials.service.js';
import { EndedAccountsService } from './account-access/session-revocation.service.js';
import { ErasureEventsController } from './account-access/erasure-events.controller.js';
import { AttemptsCache } from './limits/attempts.cache.js';
import { AuthLimits } from './limits/auth-limits.service.js';
import { Mails } from './mail/mail.client.js';
import { Notices } from './mail/security-emails.service.js';
import { PasswordChangesCache } from './login-methods/password-changes.cache.js';
import { Profiles } from './account-access/profiles.service.js';
import { Reauthentication } from './account-access/reauthentication.service.js';
import { SameEmail } from './login-methods/email-uniqueness.service.js';
import { SecondFactorClaim } from './second-factor/second-factor-claim.service.js';
import { SecondFactors } from './second-factor/second-factor.service.js';
import { Sessions } from './sessions/session-verification.service.js';
import { SignInCompletion } from './sign-in-history/sign-in-completion.service.js';
import { SignIns } from './sign-in-history/sign-in-history.client.js';
import { AccountEventsController } from './account-access/account-events.controller.js';
import { Standings } from './account-access/account-state.service.js';

const parts = [
  AccountEnd,
  AccountSessions,
  AttemptsCache,
  AuthLimits,
  BarredAccounts,
  Credentials,
  EndedAccountsService,
  Mails,
  Notices,
  PasswordChangesCache,
  Profiles,
  Reauthentication,
  RedisLink,
  Revocations,
  RevocationsCache,
  SameEmail,
  SecondFactorClaim,
  SecondFactors,
  Sessions,
  SignInCompletion,
  SignIns,
  Standings,
];

@Module({ controllers: [AccountEventsController, ErasureEventsController], providers: parts, exports: parts })
export class AuthModule {}
