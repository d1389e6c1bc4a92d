import { Controller } from '@nestjs/common';
import type { Output, Parsed } from '@fowergram/contracts-core';
import { notificationOperatorRpc } from '@fowergram/contracts-notification';
import { Handle } from '@fowergram/messaging';
import { OperatorService } from './operator.service.js';

type Rpc = typeof notificationOperatorRpc;

@Controller()
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Handle(notificationOperatorRpc.state)
  state(): Promise<Output<Rpc['state']>> {
    return this.operator.state();
  }

  @Handle(notificationOperatorRpc.mails)
  mails({ limit }: Parsed<Rpc['mails']>): Promise<Output<Rpc['mails']>> {
    return this.operator.mails(limit);
  }

  @Handle(notificationOperatorRpc.sendMail)
  sendMail({ mailId }: Parsed<Rpc['sendMail']>): Promise<Output<Rpc['sendMail']>> {
    return this.operator.sendMail(mailId);
  }
}
