import { z } from 'zod';
import { commonVariables, defineConfig, port } from '@fowergram/service-kit';

/** Every variable that the notification service reads. */
export const config = defineConfig({
  ...commonVariables,
  PORT: port(8004),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
});

export type Config = ReturnType<typeof config.read>;
