import type { MailContent } from '@fowergram/contracts-notification';

export type Template = MailContent['template'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TWO_DAYS_MS = 48 * HOUR_MS;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15 * MINUTE_MS;

// A link or code in these is dead after that time: late, the mail would only confuse.
const LIFETIME_MS: Partial<Record<Template, number>> = {
  'sign-in-code': 15 * MINUTE_MS,
  'reset-password': HOUR_MS,
  'verify-email': 24 * HOUR_MS,
};

/** How long a mail is worth being sent. */
export const usefulForMs = (template: Template): number => LIFETIME_MS[template] ?? TWO_DAYS_MS;

/** How long to wait after that many tries; scattered, so that mails which failed together do not come back together. */
export function retryDelayMs(tries: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
  return Math.round(longest * (0.5 + random() / 2));
}

/** What is known of a try that failed; what the server said is left out, for it may repeat the address. */
export interface SendingFailure {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
  permanent?: boolean | undefined;
}

const ABOUT_THE_MAIL = new Set(['RCPT TO', 'DATA']);
const AUTHENTICATION_REQUIRED = 530;

/** True when the server will never take this mail. A wrong password or a refused sender is our own failure, not the mail's, and can be repaired. */
export const isPermanentFailure = ({ permanent, command = '', responseCode }: SendingFailure): boolean =>
  permanent === true && ABOUT_THE_MAIL.has(command) && responseCode !== AUTHENTICATION_REQUIRED;
