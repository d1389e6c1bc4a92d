import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { mailRpc } from '@fowergram/contracts-notification';
import { Handle } from '@fowergram/messaging';
import { MailsService } from './mails.service.js';

@Controller()
export class MailsController {
  constructor(private readonly mails: MailsService) {}

  @Handle(mailRpc.send)
  send(input: Parsed<typeof mailRpc.send>): Promise<Output<typeof mailRpc.send>> {
    return this.mails.store(input);
  }
}
