import { Injectable } from '@nestjs/common';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import { getSessionInformation } from 'supertokens-node/recipe/session';
import { AppError, badInput } from '@fowergram/contracts-core';
import { TENANT } from '../supertokens/core.js';
import { type EmailLogin, emailLoginOf } from '../login-methods/email-change.js';
import { text } from '../limits/body.rules.js';
import { AuthLimitsService } from '../limits/auth-limits.service.js';
import type { Session } from '../sessions/session.js';

const YOUNG_MS = 10 * 60 * 1_000;

type Path = string[];

/** Makes sure that it is the user and not somebody at an open screen: by the password, or without one by a fresh session. */
@Injectable()
export class ReauthenticationService {
  constructor(private readonly limits: AuthLimitsService) {}

  /** The login method by e-mail and password; undefined for accounts that have other methods only. */
  async passwordLoginOf(userId: string): Promise<EmailLogin | undefined> {
    const login = await emailLoginOf(userId);
    return login?.recipeId === 'emailpassword' ? login : undefined;
  }

  /** Throws BAD_USER_INPUT at the path for a wrong password, FORBIDDEN with reason REAUTHENTICATE for a session that is too old. */
  async require(session: Session, password: string | null | undefined, path: Path): Promise<void> {
    const login = await this.passwordLoginOf(session.userId);
    if (!login && (await this.isYoung(session))) return;
    if (!login) throw new AppError('FORBIDDEN', 'Please sign in again to do this.', { reason: 'REAUTHENTICATE' });
    if (!password) throw badInput(path, 'Please enter your password.', 'WRONG_PASSWORD');
    if (!text.safeParse(password).success) throw badInput(path, 'This is not your password.', 'WRONG_PASSWORD');
    const isRight = await this.limits.attempt('reauthenticate', session.userId, async () => {
      const { status } = await EmailPassword.verifyCredentials(TENANT, login.email, password);
      return status === 'OK';
    });
    if (!isRight) throw badInput(path, 'This is not your password.', 'WRONG_PASSWORD');
  }

  /** Whether the user has shown who they are just now. */
  async isYoung({ handle }: Pick<Session, 'handle'>): Promise<boolean> {
    const known = await getSessionInformation(handle);
    return known !== undefined && Date.now() - known.timeCreated < YOUNG_MS;
  }
}
