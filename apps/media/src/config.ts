import { z } from 'zod';
import { databaseVariables } from '@fowergram/database';
import { natsUrl } from '@fowergram/messaging';
import {
  allOf,
  commonVariables,
  defineConfig,
  overTls,
  present,
  strongPassword,
  strongSecret,
} from '@fowergram/service-kit';

const origin = z.url({ protocol: /^https?$/ }).refine((url) => ['', '/'].includes(new URL(url).pathname), {
  error: 'must be an origin without a path, such as http://minio:9000',
});

const variables = {
  ...commonVariables,
  ...databaseVariables,
  NATS_URL: natsUrl,
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
};

/** Every variable that the media service reads, and what production does not start with. */
export const config = defineConfig(variables, {
  DATABASE_URL: strongPassword,
  NATS_URL: strongPassword,
  REDIS_URL: strongPassword,
  MINIO_PUBLIC_ENDPOINT: allOf(present('clients would be sent to the address inside'), overTls),
  MINIO_ACCESS_KEY: (value) =>
    value === 'minioadmin' ? 'is the key that every store of its kind is born with' : undefined,
  MINIO_SECRET_KEY: strongSecret,
});

export type Config = ReturnType<typeof config.read>;
