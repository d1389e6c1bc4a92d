import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import { getTenant } from 'supertokens-node/recipe/multitenancy';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { TENANT } from '../supertokens/core.js';

/** No form takes an address of this domain, and no mail reaches it (RFC 2606). */
export const DECOY_EMAIL = 'nobody@fowergram.invalid';

/**
 * An account in the core that nobody can open. Hashing is what a wrong password costs, and neither the SDK nor the core hashes anything
 * for an address without an account: ten at once would tell whether it has one. Its password is checked here instead.
 */
@Injectable()
export class DecoyAccountService implements OnApplicationBootstrap {
  private made: Promise<void> | undefined;

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  /** So that the first wrong password after a start does not make the account as well. */
  async onApplicationBootstrap(): Promise<void> {
    await this.make().catch((error: unknown) => this.log.warn({ err: error }, 'decoy account not made yet'));
  }

  /** Costs what the check of a password of an account costs, and fails as that does. */
  async checkInVain(password: string, userContext: Record<string, unknown>): Promise<void> {
    await this.make();
    // The SDK asks for it between the look-up of an account and its password.
    await getTenant(TENANT, userContext);
    await EmailPassword.verifyCredentials(TENANT, DECOY_EMAIL, password, userContext);
  }

  private make(): Promise<void> {
    this.made ??= signUpUnlessThere().catch((error: unknown) => {
      this.made = undefined;
      throw error;
    });
    return this.made;
  }
}

/** Whoever of several gateways is first makes it, with a password that is not kept. */
async function signUpUnlessThere(): Promise<void> {
  const { status } = await EmailPassword.signUp(TENANT, DECOY_EMAIL, randomBytes(32).toString('base64url'));
  if (status !== 'OK' && status !== 'EMAIL_ALREADY_EXISTS_ERROR') throw new Error(`The core answered ${status}.`);
}
