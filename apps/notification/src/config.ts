import { z } from 'zod';
import { commonVariables, defineConfig } from '@fowergram/service-kit';

/** Every variable that the notification service reads. */
export const config = defineConfig({
  ...commonVariables,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
  /** The mail server, with user and password where it wants them: smtps://user:password@mail.example.com */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  /** Who the mails come from, such as Fowergram <hello@example.com>. */
  MAIL_FROM: z.string().min(3),
});

export type Config = ReturnType<typeof config.read>;
