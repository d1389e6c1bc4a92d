import { z } from 'zod';
import { commonVariables, defineConfig, strongPassword } from '@fowergram/service-kit';

const variables = {
  ...commonVariables,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
  /** The mail server, with user and password where it wants them: smtps://user:password@mail.example.com */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** Who the mails come from, such as Fowergram <hello@example.com>. */
  MAIL_FROM: z.string().min(3),
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

/** Every variable that the notification service reads, and what production does not start with. */
export const config = defineConfig(variables, {
  DATABASE_URL: strongPassword,
  NATS_URL: strongPassword,
  SMTP_URL: sentOverTls,
});

export type Config = ReturnType<typeof config.read>;
