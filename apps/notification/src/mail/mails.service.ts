import { Injectable } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import type { mailRpc } from '@fowergram/contracts-notification';
import { usefulForMs } from './mail.rules.js';
import { MailDeliveryService } from './mail-delivery.service.js';
import { MailsRepository } from './mails.repository.js';

@Injectable()
export class MailsService {
  constructor(
    private readonly mails: MailsRepository,
    private readonly delivery: MailDeliveryService,
  ) {}

  /** Stores a mail and lets it be sent; it survives whatever happens from now on. */
  async store({ id, to, content }: Parsed<typeof mailRpc.send>): Promise<Output<typeof mailRpc.send>> {
    await this.mails.insert(id, to, content, usefulForMs(content.template));
    this.delivery.trigger();
    return {};
  }
}
