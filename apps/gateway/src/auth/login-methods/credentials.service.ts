import { Inject, Injectable } from '@nestjs/common';
import EmailPassword from 'supertokens-node/recipe/emailpassword';
import EmailVerification from 'supertokens-node/recipe/emailverification';
import { AppError, badInput } from '@fowergram/contracts-core';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { AccountSessionsService } from '../sessions/account-sessions.service.js';
import { TENANT } from '../supertokens/core.js';
import { changeEmail, emailLoginOf, emailTaken, clearWishedEmail } from './email-change.js';
import { voidResetLinks } from './mailed-credentials.js';
import { problemOfPassword } from './passwords.recipe.js';
import { text } from '../limits/body.rules.js';
import { AuthLimitsService } from '../limits/auth-limits.service.js';
import { SecurityEmailsService } from '../mail/security-emails.service.js';
import { ReauthenticationService } from '../account-access/reauthentication.service.js';
import { EmailAddress, EmailUniquenessService } from './email-uniqueness.service.js';
import type { Session } from '../sessions/session.js';

const NEW_EMAIL = ['input', 'newEmail'];

/** Changes what somebody signs in with. */
@Injectable()
export class CredentialsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reauthentication: ReauthenticationService,
    private readonly sessions: AccountSessionsService,
    private readonly emailUniqueness: EmailUniquenessService,
    private readonly limits: AuthLimitsService,
    private readonly securityEmails: SecurityEmailsService,
  ) {}

  /** Ends all other sessions: whoever knew the old password is out. */
  async changePassword(
    session: Session,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  ): Promise<void> {
    const login = await this.reauthentication.passwordLoginOf(session.userId);
    if (!login) throw new AppError('CONFLICT', 'This account is opened without a password.', { reason: 'NO_PASSWORD' });
    await this.reauthentication.require(session, currentPassword, ['input', 'currentPassword']);
    if (!text.safeParse(newPassword).success)
      throw badInput(['input', 'newPassword'], 'Password must not contain a NUL character.');
    const problem = await problemOfPassword(newPassword);
    if (problem !== undefined) throw badInput(['input', 'newPassword'], problem);
    // Before the change: whoever may have had such a link must not have it afterwards, whatever fails in between.
    await voidResetLinks(login);
    const changed = await EmailPassword.updateEmailOrPassword({
      recipeUserId: login.recipeUserId,
      password: newPassword,
    });
    if (changed.status !== 'OK') throw new Error(`The core answered ${changed.status}.`);
    await Promise.all([this.sessions.endOthers(session), clearWishedEmail(session.userId)]);
    this.securityEmails.passwordChanged(session.userId);
  }

  /** Answers whether the address has changed now; otherwise it does when the link in a mail to the new one is followed. */
  async changeEmail(session: Session, newEmail: string, password: string | null | undefined): Promise<boolean> {
    const login = await emailLoginOf(session.userId);
    if (!login)
      throw new AppError('CONFLICT', 'The address of this account is that of its provider.', {
        reason: 'EMAIL_OF_PROVIDER',
      });
    const parsed = EmailAddress.safeParse(newEmail);
    if (!parsed.success) throw badInput(NEW_EMAIL, 'This is not an e-mail address.');
    const email = parsed.data;
    await this.reauthentication.require(session, password, ['input', 'password']);
    if (email === login.email) return true;
    // Each try may send a mail to a stranger, or tell whether one has an account.
    await this.limits.take('email-change', { account: session.userId });
    if (await this.emailUniqueness.isTaken(email, session.userId)) throw emailTaken(NEW_EMAIL);
    if (this.config.EMAIL_VERIFICATION !== 'off') {
      const made = await EmailVerification.createEmailVerificationLink(TENANT, login.recipeUserId, email);
      if (made.status === 'OK') {
        await EmailVerification.sendEmail({
          type: 'EMAIL_VERIFICATION',
          tenantId: TENANT,
          user: { id: session.userId, recipeUserId: login.recipeUserId, email },
          emailVerifyLink: made.link,
        });
        return false;
      }
    }
    // Nobody needs to prove the address, or this user has proved it before.
    await changeEmail(login, email, NEW_EMAIL);
    this.securityEmails.emailChanged(session.userId, login.email, email);
    return true;
  }
}
