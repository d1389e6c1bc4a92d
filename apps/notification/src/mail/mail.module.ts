import { Module } from '@nestjs/common';
import { MailDeliveryService } from './mail-delivery.service.js';
import { MailsController } from './mails.controller.js';
import { MailsRepository } from './mails.repository.js';
import { MailsService } from './mails.service.js';
import { SmtpClient } from './smtp.client.js';

@Module({
  controllers: [MailsController],
  providers: [MailsService, MailDeliveryService, MailsRepository, SmtpClient],
  exports: [MailsRepository],
})
export class MailModule {}
