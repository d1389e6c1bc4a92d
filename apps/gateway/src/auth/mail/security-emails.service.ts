import { Inject, Injectable } from '@nestjs/common';
import { getUser } from 'supertokens-node';
import type { MailContent } from '@fowergram/contracts-notification';
import type { Client } from '@fowergram/contracts-user';
import { type Logger, LOGGER } from '@fowergram/service-kit';
import { MailClient } from './mail.client.js';

/**
 * Notifies users by mail of what happens to their accounts, as far as an address is known. In the background: what has happened does
 * not wait for its mail, and is not undone when there is none.
 */
@Injectable()
export class SecurityEmailsService {
  private readonly link: string;

  constructor(
    private readonly mails: MailClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.link = mails.link('/auth/reset-password');
  }

  passwordChanged(userId: string): void {
    this.notify(userId, { template: 'password-changed', values: { link: this.link } });
  }

  /** To the former address, which may be the only one that its owner still reads. */
  emailChanged(userId: string, formerEmail: string, newEmail: string): void {
    this.notify(userId, { template: 'email-changed', values: { link: this.link, newEmail } }, formerEmail);
  }

  newSignIn(userId: string, device: string, { ipAddress }: Client): void {
    this.notify(userId, {
      template: 'new-sign-in',
      values: { link: this.link, device: device.slice(0, 200), ipAddress, at: new Date().toISOString() },
    });
  }

  sessionTheft(userId: string, device: string, { ipAddress }: Client): void {
    this.notify(userId, {
      template: 'session-theft',
      values: { link: this.link, device: device.slice(0, 200), ipAddress },
    });
  }

  secondFactorOn(userId: string): void {
    this.notify(userId, { template: 'second-factor-on', values: { link: this.link } });
  }

  secondFactorOff(userId: string): void {
    this.notify(userId, { template: 'second-factor-off', values: { link: this.link } });
  }

  recoveryCodeUsed(userId: string, left: number): void {
    this.notify(userId, { template: 'recovery-code-used', values: { link: this.link, left } });
  }

  private notify(userId: string, content: MailContent, address?: string): void {
    void this.send(userId, content, address).catch((error: unknown) =>
      this.log.warn({ err: error, userId, template: content.template }, 'security e-mail not sent'),
    );
  }

  private async send(userId: string, content: MailContent, address: string | undefined): Promise<void> {
    const email = address ?? (await getUser(userId))?.emails[0];
    if (email !== undefined) await this.mails.send(email, content);
  }
}
