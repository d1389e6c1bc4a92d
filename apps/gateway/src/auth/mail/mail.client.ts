import { Inject, Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { type MailContent, mailRpc } from '@fowergram/contracts-notification';
import { Bus } from '@fowergram/messaging';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

/** Gives mails to the notification service, which stores them until they are sent. Links lead to the configured web app and nowhere else. */
@Injectable()
export class MailClient {
  constructor(
    private readonly bus: Bus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws UNAVAILABLE when the mail could not be stored. */
  async send(to: string, content: MailContent): Promise<void> {
    await this.bus.call(mailRpc.send, { id: uuidv7(), to, content });
  }

  /** An address of the web app, such as link('/auth/reset-password', { token }). */
  link(path: string, parameters: Record<string, string> = {}): string {
    const url = new URL(path, this.config.WEBSITE_DOMAIN);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }
}
