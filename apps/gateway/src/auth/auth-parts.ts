import type { INestApplicationContext } from '@nestjs/common';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { CONFIG, type Config } from '../config.js';
import { Revocations } from '../realtime/revocations.js';
import { BarredAccounts } from './barred-accounts.js';
import { AuthLimits } from './limits/auth-limits.js';
import { Mails } from './mails.js';
import { Notices } from './notices.js';
import { PasswordChangesCache } from './password-changes.cache.js';
import { Profiles } from './profiles.js';
import { SameEmail } from './same-email.js';
import { SecondFactorClaim } from './second-factor.claim.js';
import { SignInCompletion } from './sign-in-completion.js';
import { SignIns } from './sign-ins.js';
import { Standings } from './standing.js';

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
