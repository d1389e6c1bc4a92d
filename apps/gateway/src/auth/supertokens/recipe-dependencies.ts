import type { INestApplicationContext } from '@nestjs/common';
import { Bus } from '@fowergram/messaging';
import { CONFIG, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { RevokedSessionsService } from '../sessions/revoked-sessions.service.js';
import { AccountDenylistService } from '../account-access/account-denylist.service.js';
import { AuthLimitsService } from '../limits/auth-limits.service.js';
import { MailClient } from '../mail/mail.client.js';
import { SecurityEmailsService } from '../mail/security-emails.service.js';
import { PasswordChangesClient } from '../login-methods/password-changes.client.js';
import { DecoyAccountService } from '../login-methods/decoy-account.service.js';
import { ProfilesService } from '../account-access/profiles.service.js';
import { EmailUniquenessService } from '../login-methods/email-uniqueness.service.js';
import { SecondFactorClaimService } from '../second-factor/second-factor-claim.service.js';
import { SignInCompletionService } from '../sign-in-history/sign-in-completion.service.js';
import { SignInHistoryClient } from '../sign-in-history/sign-in-history.client.js';
import { AccountStateService } from '../account-access/account-state.service.js';

/** What the recipes of the auth SDK depend on. The SDK is made outside of Nest's injection, once per process. */
export interface RecipeDependencies {
  denylist: AccountDenylistService;
  bus: Bus;
  completion: SignInCompletionService;
  config: Config;
  decoyAccount: DecoyAccountService;
  limits: AuthLimitsService;
  log: Logger;
  mails: MailClient;
  securityEmails: SecurityEmailsService;
  passwordChanges: PasswordChangesClient;
  profiles: ProfilesService;
  revokedSessions: RevokedSessionsService;
  emailUniqueness: EmailUniquenessService;
  secondFactorClaim: SecondFactorClaimService;
  signInHistory: SignInHistoryClient;
  accountStates: AccountStateService;
}

export const recipeDependencies = (app: INestApplicationContext): RecipeDependencies => ({
  denylist: app.get(AccountDenylistService),
  bus: app.get(Bus),
  completion: app.get(SignInCompletionService),
  config: app.get<Config>(CONFIG),
  decoyAccount: app.get(DecoyAccountService),
  limits: app.get(AuthLimitsService),
  log: app.get<Logger>(LOGGER),
  mails: app.get(MailClient),
  securityEmails: app.get(SecurityEmailsService),
  passwordChanges: app.get(PasswordChangesClient),
  profiles: app.get(ProfilesService),
  revokedSessions: app.get(RevokedSessionsService),
  emailUniqueness: app.get(EmailUniquenessService),
  secondFactorClaim: app.get(SecondFactorClaimService),
  signInHistory: app.get(SignInHistoryClient),
  accountStates: app.get(AccountStateService),
});
