import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type SMTPSentMessageInfo, type SMTPTransportOptions, type Transporter } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import type { RenderedEmail } from './rendered-email.rules.js';

export interface OutgoingMail extends RenderedEmail {
  id: string;
  to: string;
  subject: string;
}

const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 10_000,
  socketCloseTimeout: 1_000,
};
/** However slowly a server talks, a try ends by then. */
export const SENDING_TIMEOUT_MS = 30_000;

/** Sends mails through the configured SMTP server, each over a connection of its own. */
@Injectable()
export class SmtpClient {
  private readonly transport: Transporter<SMTPSentMessageInfo, SMTPTransportOptions>;
  private readonly from: { name: string; address: string };

  constructor(@Inject(CONFIG) config: Pick<Config, 'SMTP_URL' | 'MAIL_FROM'>) {
    this.from = senderOf(config.MAIL_FROM);
    this.transport = createTransport({
      url: config.SMTP_URL,
      ...TIMEOUTS,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
  }

  /** Resolves when the server has taken the mail; throws what SendingFailure describes when it has not. */
  async send({ id, to, subject, text, html }: OutgoingMail, signal: AbortSignal): Promise<void> {
    await this.transport.sendMail({
      from: this.from,
      to: { name: '', address: to },
      subject,
      text,
      html,
      // Always the same for a mail: a second copy, sent because a process died before it could note the first, is known as one.
      messageId: `<${id}@${this.from.address.split('@')[1]}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      xMailer: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(SENDING_TIMEOUT_MS)]),
    });
  }

  close(): void {
    this.transport.close();
  }
}

function senderOf(mailFrom: string): { name: string; address: string } {
  const [sender, ...others] = addressparser(mailFrom, { flatten: true });
  if (!sender || others.length > 0 || !/^[^@\s]+@[^@\s]+$/.test(sender.address))
    throw new Error('MAIL_FROM must be one address, such as Fowergram <hello@example.com>.');
  return { name: sender.name, address: sender.address };
}
