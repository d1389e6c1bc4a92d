import { z } from 'zod';
import { commonVariables, defineConfig, port } from '@fowergram/service-kit';

/** Every variable that the post service reads. */
export const config = defineConfig({
  ...commonVariables,
  PORT: port(8002),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
});

export type Config = ReturnType<typeof config.read>;
