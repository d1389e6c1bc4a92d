import type { INestApplicationContext } from '@nestjs/common';
import { Bus } from '@fowergram/messaging';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { Revocations } from '../realtime/revocations.js';
import { Mails } from './mails.js';
import { Profiles } from './profiles.js';
import { SignIns } from './sign-ins.js';

/** What the recipes of the auth SDK work with. The SDK is made outside of Nest's injection, once per process. */
export interface AuthParts {
  bus: Bus;
  log: Logger;
  mails: Mails;
  profiles: Profiles;
  revocations: Revocations;
  signIns: SignIns;
}

export const authParts = (app: INestApplicationContext): AuthParts => ({
  bus: app.get(Bus),
  log: app.get<Logger>(LOGGER),
  mails: app.get(Mails),
  profiles: app.get(Profiles),
  revocations: app.get(Revocations),
  signIns: app.get(SignIns),
});
