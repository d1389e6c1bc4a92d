import { z } from 'zod';
import { commonVariables, defineConfig } from '@fowergram/service-kit';

/** Every variable that the post service reads. */
export const config = defineConfig({
  ...commonVariables,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
});

export type Config = ReturnType<typeof config.read>;
