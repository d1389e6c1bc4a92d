import type { INestApplicationContext } from '@nestjs/common';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { CONFIG, type Config } from '../../config.js';
import { Revocations } from '../sessions/revoked-sessions.service.js';
import { BarredAccounts } from '../account-access/account-denylist.service.js';
import { AuthLimits } from '../limits/auth-limits.service.js';
import { Mails } from '../mail/mail.client.js';
import { Notices } from '../mail/security-emails.service.js';
import { PasswordChangesCache } from '../login-methods/password-changes.cache.js';
import { Profiles } from '../account-access/profiles.service.js';
import { SameEmail } from '../login-methods/email-uniqueness.service.js';
import { SecondFactorClaim } from '../second-factor/second-factor-claim.service.js';
import { SignInCompletion } from '../sign-in-history/sign-in-completion.service.js';
import { SignIns } from '../sign-in-history/sign-in-history.client.js';
import { Standings } from '../account-access/account-state.service.js';

/** What the recipes of the auth SDK work with. The SDK is made outside of Nest's injection, once per process. */
export interface AuthParts {
  barred: BarredAccounts;
  bus: Bus;
  completion: SignInCompletion;
  config: Config;
  limits: AuthLimits;
  log: Logger;
  mails: Mails;
  notices: Notices;
  passwordChanges: PasswordChangesCache;
  profiles: Profiles;
  revocations: Revocations;
  sameEmail: SameEmail;
  secondFactorClaim: SecondFactorClaim;
  signIns: SignIns;
  standings: Standings;
}

export const authParts = (app: INestApplicationContext): AuthParts => ({
  barred: app.get(BarredAccounts),
  bus: app.get(Bus),
  completion: app.get(SignInCompletion),
  config: app.get<Config>(CONFIG),
  limits: app.get(AuthLimits),
  log: app.get<Logger>(LOGGER),
  mails: app.get(Mails),
  notices: app.get(Notices),
  passwordChanges: app.get(PasswordChangesCache),
  profiles: app.get(Profiles),
  revocations: app.get(Revocations),
  sameEmail: app.get(SameEmail),
  secondFactorClaim: app.get(SecondFactorClaim),
  signIns: app.get(SignIns),
  standings: app.get(Standings),
});
