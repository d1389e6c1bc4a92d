import { Injectable } from '@nestjs/common';
import { notFound, type Output } from '@fowergram/contracts-core';
import type { notificationOperatorRpc } from '@fowergram/contracts-notification';
import { OutboxAdministration } from '@fowergram/outbox';
import { MailsRepository } from '../mail/mails.repository.js';

/** What operators see of this service and do in it, by the command `fowergram` (docs/on-call.md). */
@Injectable()
export class OperatorService {
  constructor(
    private readonly outbox: OutboxAdministration,
    private readonly mailRows: MailsRepository,
  ) {}

  async state(): Promise<Output<typeof notificationOperatorRpc.state>> {
    return { outbox: await this.outbox.state(), waitingMails: await this.mailRows.countWaiting() };
  }

  async mails(limit: number): Promise<Output<typeof notificationOperatorRpc.mails>> {
    const rows = await this.mailRows.waiting(limit);
    return {
      mails: rows.map(({ createdAt, dueAt, ...mail }) => ({
        ...mail,
        createdAt: createdAt.toISOString(),
        dueAt: dueAt.toISOString(),
      })),
    };
  }

  async sendMail(mailId: string): Promise<Record<string, never>> {
    if (!(await this.mailRows.hurry(mailId))) throw notFound('waiting mail', ['mailId']);
    return {};
  }
}
