import { Module } from '@nestjs/common';
import { RevocationsCache } from '../realtime/revocations.cache.js';
import { Revocations } from '../realtime/revocations.js';
import { RedisLink } from '../redis.js';
import { AccountEnd } from './account-end.js';
import { AccountEventsController } from './account-events.controller.js';
import { AccountSessions } from './account-sessions.js';
import { BarredAccounts } from './barred-accounts.js';
import { Credentials } from './credentials.js';
import { EndedAccountsService } from './ended-accounts.service.js';
import { ErasureEventsController } from './erasure-events.controller.js';
import { AttemptsCache } from './limits/attempts.cache.js';
import { AuthLimits } from './limits/auth-limits.js';
import { Mails } from './mails.js';
import { Notices } from './notices.js';
import { PasswordChangesCache } from './password-changes.cache.js';
import { Profiles } from './profiles.js';
import { Reauthentication } from './reauthentication.js';
import { SameEmail } from './same-email.js';
import { SecondFactorClaim } from './second-factor.claim.js';
import { SecondFactors } from './second-factor.service.js';
import { Sessions } from './sessions.js';
import { SignInCompletion } from './sign-in-completion.js';
import { SignIns } from './sign-ins.js';
import { Standings } from './standing.js';

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
