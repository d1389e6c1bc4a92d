import { z } from 'zod';
import { databaseVariables } from '@fowergram/database';
import { natsUrl } from '@fowergram/messaging';
import { commonVariables, defineConfig, strongPassword, strongSecret } from '@fowergram/service-kit';

const variables = {
  ...commonVariables,
  ...databaseVariables,
  NATS_URL: natsUrl,
  /** The mail server, with user and password where it wants them: smtps://user:password@mail.example.com */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** Who the mails come from, such as Fowergram <hello@example.com>. */
  MAIL_FROM: z.string().min(3),
  /** The secrets of webhooks are encrypted under it; with another key nothing can be sent to them. */
  WEBHOOK_KEY: z.string().regex(/^[0-9a-f]{64}$/i, { error: 'is not 32 bytes in hex (openssl rand -hex 32)' }),
  /** Where webhooks may be: on the internet by https, or anywhere, which is for development and tests. */
  WEBHOOK_TARGETS: z.enum(['public', 'any']).default('public'),
};

/** Mails carry links that sign somebody in. */
const sentOverTls = (value: string | undefined) => {
  if (value === undefined || !URL.canParse(value)) return undefined;
  const { protocol, searchParams } = new URL(value);
  if (searchParams.get('tls.rejectUnauthorized') === 'false')
    return 'takes any certificate for that of the mail server';
  return protocol === 'smtps:' || searchParams.get('requireTLS') === 'true'
    ? undefined
    : 'does not insist on TLS: begin with smtps://, or add ?requireTLS=true for STARTTLS';
};

const publicTargets = (value: string | undefined) =>
  value === 'any' ? 'lets webhooks reach the network inside: leave it out' : undefined;

/** Every variable that the notification service reads, and what production does not start with. */
export const config = defineConfig(variables, {
  DATABASE_URL: strongPassword,
  NATS_URL: strongPassword,
  SMTP_URL: sentOverTls,
  WEBHOOK_KEY: strongSecret,
  WEBHOOK_TARGETS: publicTargets,
});

export type Config = ReturnType<typeof config.read>;
