import type { MailContent } from '@fowergram/contracts-notification';
import type { EmailMessage } from './rendered-email.rules.js';
import type { Template } from './mail.rules.js';

type Values<T extends Template> = Extract<MailContent, { template: T }>['values'];
type Templates = { [T in Template]: (values: Values<T>, appName: string) => EmailMessage };

const secure = (link: string) => ({
  action: { label: 'Secure my account', link },
  closing: 'If this was you, there is nothing to do.',
});

// Subjects are ours alone: what others have written shows up in lists and notifications where nobody expects it.
const templates: Templates = {
  'verify-email': ({ link }, appName) => ({
    subject: `Confirm your e-mail address for ${appName}`,
    paragraphs: [`Please confirm that this address belongs to you and your ${appName} account.`],
    action: { label: 'Confirm my address', link },
    closing: 'If you have no account with us, somebody mistyped an address. You can ignore this mail.',
  }),
  'reset-password': ({ link }, appName) => ({
    subject: `Choose a new ${appName} password`,
    paragraphs: ['Forgot your password? That happens. Choose a new one within the next hour:'],
    action: { label: 'Choose a new password', link },
    closing: 'If you did not ask for this, ignore this mail: your password stays as it is.',
  }),
  'sign-in-code': ({ link, code }, appName) => ({
    subject: `Your sign-in code for ${appName}`,
    paragraphs: ['Here is the code that you asked for. It works once, for the next 15 minutes:'],
    code,
    action: { label: 'Sign in with one tap instead', link },
    closing: 'Give this code to nobody; we will never ask you for it. If you did not ask for it, ignore this mail.',
  }),
  'use-other-method': ({ link, method }, appName) => ({
    subject: `How to sign in to ${appName}`,
    paragraphs: [
      `Somebody, probably you, tried to sign in or to sign up with this address. It already has an account, which is opened in another way: ${method}.`,
    ],
    action: { label: 'Go to the sign-in page', link },
    closing: 'If this was not you, there is nothing to do: nobody was let in.',
  }),
  'password-changed': ({ link }, appName) => ({
    subject: `Your ${appName} password was changed`,
    paragraphs: ['The password of your account was changed just now. If that was not you, act at once:'],
    ...secure(link),
  }),
  'email-changed': ({ link, newEmail }, appName) => ({
    subject: `The e-mail address of your ${appName} account was changed`,
    paragraphs: ['Your account has another e-mail address now. If you did not change it, act at once:'],
    facts: [['New address', newEmail]],
    ...secure(link),
  }),
  'new-sign-in': ({ link, device, ipAddress, at }, appName) => ({
    subject: `New sign-in to your ${appName} account`,
    paragraphs: ['Somebody signed in to your account on a device that we have not seen before.'],
    facts: [
      ['Device', device],
      ['Address', ipAddress],
      ['Time', readable(at)],
    ],
    ...secure(link),
  }),
  'second-factor-on': ({ link }, appName) => ({
    subject: `Two-step sign-in is on for your ${appName} account`,
    paragraphs: [
      'From now on a sign-in asks for a code of your authenticator app. Keep your recovery codes in a safe place: without the app they are the only way in.',
    ],
    ...secure(link),
  }),
  'second-factor-off': ({ link }, appName) => ({
    subject: `Two-step sign-in is off for your ${appName} account`,
    paragraphs: [
      'A sign-in no longer asks for a code of your authenticator app. If you did not turn this off, act at once:',
    ],
    ...secure(link),
  }),
  'recovery-code-used': ({ link, left }, appName) => ({
    subject: `A recovery code of your ${appName} account was used`,
    paragraphs: [`Somebody signed in with one of your recovery codes; each works once. ${codesLeft(left)}`],
    ...secure(link),
  }),
  'session-theft': ({ link, device, ipAddress }, appName) => ({
    subject: `Somebody may have copied a session of your ${appName} account`,
    paragraphs: [
      'A key of one of your sessions was used twice, as happens when it was copied. To be safe we have ended that session. Please sign in again, and change your password if you do not know this device:',
    ],
    facts: [
      ['Device', device],
      ['Address', ipAddress],
    ],
    action: { label: 'Secure my account', link },
  }),
  'account-deactivated': ({ link }, appName) => ({
    subject: `Your ${appName} account is resting`,
    paragraphs: [
      'You have deactivated your account: nobody sees your profile or your posts now. Sign in whenever you like, and everything is back.',
    ],
    action: { label: 'Sign in and come back', link },
    closing: 'If you did not do this, sign in and change your password.',
  }),
  'account-deleted': ({ receipt, username }, appName) => ({
    subject: `Your ${appName} account is deleted`,
    paragraphs: [
      'Your account is deleted, and everything in it is being erased. This cannot be undone. The receipt lets you ask how far it is.',
    ],
    facts: [
      ['Account', username],
      ['Receipt', receipt],
    ],
    closing: 'Thank you for having been with us.',
  }),
};

/** What a mail says. */
export function messageOf({ template, values }: MailContent, appName: string): EmailMessage {
  return (templates[template] as (values: MailContent['values'], appName: string) => EmailMessage)(values, appName);
}

const readable = (at: string): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function codesLeft(left: number): string {
  if (left === 0) return 'That was the last one: please make new ones in your settings.';
  return left === 1 ? 'One is left: please make new ones soon.' : `You have ${left} left.`;
}
