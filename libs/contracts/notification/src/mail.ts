import { z } from 'zod';
import { command, Id, Timestamp } from '@fowergram/contracts-core';

const Link = z.url({ protocol: /^https?$/ }).max(2_000);
const mail = <T extends string, S extends z.ZodRawShape>(template: T, values: S) =>
  z.object({ template: z.literal(template), values: z.object(values) });

/** Every mail that is sent, with what its text needs. Links are made by the caller from configuration alone. */
export const MailContent = z.discriminatedUnion('template', [
  mail('verify-email', { link: Link }),
  mail('reset-password', { link: Link }),
  mail('sign-in-code', { link: Link, code: z.string().max(20) }),
  /** Somebody asked for a code, or to sign up, with an address whose account is opened in another way. */
  mail('use-other-method', { link: Link, method: z.string().max(100) }),
  mail('password-changed', { link: Link }),
  mail('email-changed', { link: Link, newEmail: z.string().max(320) }),
  mail('new-sign-in', { link: Link, device: z.string().max(200), ipAddress: z.string().max(64), at: Timestamp }),
  mail('second-factor-on', { link: Link }),
  mail('second-factor-off', { link: Link }),
  mail('recovery-code-used', { link: Link, left: z.number().int() }),
  mail('session-theft', { link: Link, device: z.string().max(200), ipAddress: z.string().max(64) }),
  mail('account-deactivated', { link: Link }),
  mail('account-deleted', { receipt: Id, username: z.string().max(100) }),
]);
export type MailContent = z.output<typeof MailContent>;

export const mailRpc = {
  /** Stores a mail to be sent; it is sent at least once, with retries for two days. The same id again is the same mail. */
  send: command('notification.mail.send', {
    input: z.object({ id: Id, to: z.email().max(320), content: MailContent }),
    output: z.object({}),
  }),
};
