import { z } from 'zod';
import { databaseVariables } from '@fowergram/database';
import { natsUrl } from '@fowergram/messaging';
import { commonVariables, defineConfig, strongPassword } from '@fowergram/service-kit';

const variables = {
  ...commonVariables,
  ...databaseVariables,
  NATS_URL: natsUrl,
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
};

/** Every variable that the post service reads, and what production does not start with. */
export const config = defineConfig(variables, {
  DATABASE_URL: strongPassword,
  NATS_URL: strongPassword,
  REDIS_URL: strongPassword,
});

export type Config = ReturnType<typeof config.read>;
