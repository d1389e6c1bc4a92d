import { z } from 'zod';
import { commonVariables, defineConfig } from '@fowergram/service-kit';

const origin = z.url({ protocol: /^https?$/ }).refine((url) => ['', '/'].includes(new URL(url).pathname), {
  error: 'must be an origin without a path, such as http://minio:9000',
});

/** Every variable that the media service reads. */
export const config = defineConfig({
  ...commonVariables,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  NATS_URL: z.url(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** Where this service reaches the object store. */
  MINIO_ENDPOINT: origin,
  /** Where clients reach it, when that is another address: what they get is signed for this host. */
  MINIO_PUBLIC_ENDPOINT: origin.optional(),
  MINIO_ACCESS_KEY: z.string().min(1),
  MINIO_SECRET_KEY: z.string().min(1),
  MINIO_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, { error: 'must be 3 to 63 lower-case letters, digits and dashes' }),
});

export type Config = ReturnType<typeof config.read>;
