import { type DynamicModule, Module } from '@nestjs/common';
import { APP_NAME, MailDeliveryService } from './mail-delivery.service.js';
import { MailsController } from './mails.controller.js';
import { MailsRepository } from './mails.repository.js';
import { MailsService } from './mails.service.js';
import { SmtpClient } from './smtp.client.js';

export interface MailOptions {
  appName: string;
  smtpUrl: string;
  mailFrom: string;
}

@Module({})
export class MailModule {
  static with(options: MailOptions): DynamicModule {
    return {
      module: MailModule,
      controllers: [MailsController],
      providers: [
        MailsService,
        MailDeliveryService,
        MailsRepository,
        { provide: SmtpClient, useFactory: () => new SmtpClient(options) },
        { provide: APP_NAME, useValue: options.appName },
      ],
    };
  }
}
