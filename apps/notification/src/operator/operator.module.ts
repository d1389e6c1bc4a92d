import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.js';
import { OperatorController } from './operator.controller.js';
import { OperatorService } from './operator.service.js';

@Module({ imports: [MailModule], controllers: [OperatorController], providers: [OperatorService] })
export class OperatorModule {}
