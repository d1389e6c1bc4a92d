import { z } from 'zod';
import { command, Id, OutboxState, query, Timestamp } from '@fowergram/contracts-core';

/** A mail that waits, without its recipient and its text. */
export const WaitingMail = z.object({
  id: Id,
  template: z.string(),
  tries: z.number().int(),
  createdAt: Timestamp,
  dueAt: Timestamp,
});
export type WaitingMail = z.output<typeof WaitingMail>;

/** What operators ask of the notification service. */
export const notificationOperatorRpc = {
  state: query('notification.operator.state', {
    input: z.object({}),
    output: z.object({ outbox: OutboxState, waitingMails: z.number().int() }),
  }),
  /** The mails that have waited longest. */
  mails: query('notification.operator.mails', {
    input: z.object({ limit: z.number().int().min(1).max(1_000) }),
    output: z.object({ mails: z.array(WaitingMail) }),
  }),
  /** Sends a mail within a minute that waits for its next try; NOT_FOUND where it does not wait. */
  sendMail: command('notification.operator.send-mail', { input: z.object({ mailId: Id }), output: z.object({}) }),
};
