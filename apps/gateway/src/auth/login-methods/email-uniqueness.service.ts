import { Inject, Injectable } from '@nestjs/common';
import { deleteUser, listUsersByAccountInfo, type User } from 'supertokens-node';
import { z } from 'zod';
import type { MailContent } from '@fowergram/contracts-notification';
import { CONFIG, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { TENANT } from '../supertokens/core.js';
import { MailClient } from '../mail/mail.client.js';

/** An address that mails can be sent to, written as the auth core writes it. */
export const EmailAddress = z
  .string()
  .trim()
  .pipe(z.email().max(254))
  .transform((address) => address.toLowerCase())
  .refine((address) => !address.endsWith('.invalid'), { error: 'is an address that no mail reaches' });

/** Tells the SDK what is wrong with an address; nothing when it is fine. */
export const checkEmail = (value: unknown): Promise<string | undefined> =>
  Promise.resolve(EmailAddress.safeParse(value).success ? undefined : 'Please enter an e-mail address.');

export type Recipe = 'emailpassword' | 'thirdparty' | 'passwordless';

/** How an account is opened, to be read by a machine and by a user. */
interface AccountLoginMethod {
  userId: string;
  recipeId: string;
  name: string;
}

/** The email uniqueness policy: one address opens one account by one login method; the core would make a second account for each further one. */
@Injectable()
export class EmailUniquenessService {
  private readonly providerNames: Map<string, string>;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly mails: MailClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.providerNames = new Map([
      ['google', 'Google'],
      ['github', 'GitHub'],
      ['apple', 'Apple'],
      ...config.SIGN_IN_PROVIDERS.flatMap((each) => ('name' in each ? [[each.id, each.name] as const] : [])),
    ]);
  }

  /** The login methods of the accounts with this address. */
  async loginMethodsOf(email: string, userContext?: Record<string, unknown>): Promise<AccountLoginMethod[]> {
    const users = await listUsersByAccountInfo(TENANT, { email }, false, userContext);
    return users.flatMap((user) =>
      user.loginMethods
        .filter((method) => method.hasSameEmailAs(email))
        .map((method) => ({ userId: user.id, recipeId: method.recipeId, name: this.nameOf(method) })),
    );
  }

  /** The name of the login method that somebody with this address has to use instead of this one; undefined when this one is right or all are free. */
  async otherLoginMethodOf(
    email: string,
    recipeId: Recipe,
    userContext?: Record<string, unknown>,
  ): Promise<string | undefined> {
    const loginMethods = await this.loginMethodsOf(email, userContext);
    return loginMethods.some((loginMethod) => loginMethod.recipeId === recipeId) ? undefined : loginMethods[0]?.name;
  }

  /** Whether an account other than this one has the address. */
  async isTaken(email: string, userId: string): Promise<boolean> {
    return (await this.loginMethodsOf(email)).some((loginMethod) => loginMethod.userId !== userId);
  }

  /**
   * Takes a new account back when its address has another account. Asked after the account was made, when nobody can come
   * in between any more: of two that are made at once at least one sees the other and goes.
   */
  async deleteDuplicate(user: User, email: string): Promise<string | undefined> {
    const other = (await this.loginMethodsOf(email)).find((loginMethod) => loginMethod.userId !== user.id);
    if (!other) return undefined;
    await deleteUser(user.id).catch((error: unknown) =>
      this.log.error({ err: error, userId: user.id }, 'second account of an address left behind'),
    );
    return other.name;
  }

  /** Notifies the owner of the address when somebody tries another login method. */
  async mailOtherLoginMethod(email: string, method: string): Promise<void> {
    const content: MailContent = { template: 'use-other-method', values: { link: this.mails.link('/auth'), method } };
    await this.mails.send(email, content);
  }

  private nameOf({ recipeId, thirdParty }: User['loginMethods'][number]): string {
    if (recipeId === 'emailpassword') return 'your e-mail and password';
    if (recipeId === 'passwordless') return 'a code by e-mail';
    return this.providerNames.get(thirdParty?.id ?? '') ?? thirdParty?.id ?? recipeId;
  }
}

/** Says at the sign-up which login method to use. */
export const useOtherLoginMethod = (name: string): string =>
  `There is an account with this e-mail address. Please sign in with ${name}.`;
