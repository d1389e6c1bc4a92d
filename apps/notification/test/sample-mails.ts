import type { MailContent } from '@fowergram/contracts-notification';

const link = 'https://app.fowergram.test/go?token=a1B2&next=%2Fhome';

/** One mail of every kind; a kind without one here does not compile. */
const values: { [T in MailContent['template']]: Extract<MailContent, { template: T }>['values'] } = {
  'verify-email': { link },
  'reset-password': { link },
  'sign-in-code': { link, code: '493027' },
  'use-other-method': { link, method: 'Google' },
  'password-changed': { link },
  'email-changed': { link, newEmail: 'ann.new@example.com' },
  'new-sign-in': { link, device: 'Firefox on Linux', ipAddress: '203.0.113.7', at: '2026-11-21T10:30:00.000Z' },
  'second-factor-on': { link },
  'second-factor-off': { link },
  'recovery-code-used': { link, left: 7 },
  'session-theft': { link, device: 'Chrome on Windows', ipAddress: '2001:db8::7' },
  'account-deactivated': { link },
  'account-deleted': { receipt: '0190c1d2-0000-7000-8000-000000000001', username: 'ann' },
};

export const everyMail = Object.entries(values).map(
  ([template, given]) => ({ template, values: given }) as MailContent,
);
export const mailOf = (template: MailContent['template']): MailContent =>
  everyMail.find((mail) => mail.template === template)!;
