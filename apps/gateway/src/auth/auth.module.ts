import { Module } from '@nestjs/common';
import { RedisModule } from '@fowergram/redis';
import { AccountDenylistService } from './account-access/account-denylist.service.js';
import { AccountEventsController } from './account-access/account-events.controller.js';
import { AccountStateService } from './account-access/account-state.service.js';
import { ErasureEventsController } from './account-access/erasure-events.controller.js';
import { ProfilesService } from './account-access/profiles.service.js';
import { ReauthenticationService } from './account-access/reauthentication.service.js';
import { SessionRevocationService } from './account-access/session-revocation.service.js';
import { AttemptsCache } from './limits/attempts.cache.js';
import { AuthLimitsService } from './limits/auth-limits.service.js';
import { CredentialsService } from './login-methods/credentials.service.js';
import { DecoyAccountService } from './login-methods/decoy-account.service.js';
import { EmailUniquenessService } from './login-methods/email-uniqueness.service.js';
import { PasswordChangesClient } from './login-methods/password-changes.client.js';
import { MailClient } from './mail/mail.client.js';
import { SecurityEmailsService } from './mail/security-emails.service.js';
import { AUTH_CONNECTION } from './redis.config.js';
import { SecondFactorClaimService } from './second-factor/second-factor-claim.service.js';
import { SecondFactorService } from './second-factor/second-factor.service.js';
import { ServiceKeysService } from '../service-accounts/service-keys.service.js';
import { AccountSessionsService } from './sessions/account-sessions.service.js';
import { RevokedSessionsClient } from './sessions/revoked-sessions.client.js';
import { RevokedSessionsService } from './sessions/revoked-sessions.service.js';
import { SessionVerificationService } from './sessions/session-verification.service.js';
import { SignInCompletionService } from './sign-in-history/sign-in-completion.service.js';
import { SignInHistoryClient } from './sign-in-history/sign-in-history.client.js';

const services = [
  AccountDenylistService,
  AccountSessionsService,
  AccountStateService,
  AttemptsCache,
  AuthLimitsService,
  CredentialsService,
  DecoyAccountService,
  EmailUniquenessService,
  MailClient,
  PasswordChangesClient,
  ProfilesService,
  ReauthenticationService,
  RevokedSessionsClient,
  RevokedSessionsService,
  SecondFactorClaimService,
  SecondFactorService,
  SecurityEmailsService,
  ServiceKeysService,
  SessionRevocationService,
  SessionVerificationService,
  SignInCompletionService,
  SignInHistoryClient,
];

@Module({
  imports: [RedisModule.with(AUTH_CONNECTION)],
  controllers: [AccountEventsController, ErasureEventsController],
  providers: services,
  exports: services,
})
export class AuthModule {}
