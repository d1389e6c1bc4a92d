import { z } from 'zod';
import { Role } from '@fowergram/contracts-user';
import { databaseVariables } from '@fowergram/database';
import { natsUrl } from '@fowergram/messaging';
import { commonVariables, defineConfig, strongPassword, strongSecret } from '@fowergram/service-kit';

const variables = {
  ...commonVariables,
  ...databaseVariables,
  NATS_URL: natsUrl,
  /** 32 bytes in hex: the secrets of second factors are stored encrypted under it. Whoever loses it locks them all out. */
  SECOND_FACTOR_KEY: z.string().regex(/^[0-9a-f]{64}$/i, { error: 'is not 32 bytes in hex (openssl rand -hex 32)' }),
  /** The roles that must set up a second factor, separated by commas. */
  SECOND_FACTOR_ROLES: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((role) => role.trim())
        .filter(Boolean),
    )
    .pipe(z.array(Role)),
};

/** Every variable that the user service reads, and what production does not start with. */
export const config = defineConfig(variables, {
  DATABASE_URL: strongPassword,
  NATS_URL: strongPassword,
  SECOND_FACTOR_KEY: strongSecret,
});

export type Config = ReturnType<typeof config.read>;
