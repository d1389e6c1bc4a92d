import { z } from 'zod';
import { commonVariables, defineConfig, port } from '@fowergram/service-kit';

/** An origin as browsers send it: scheme, host and port, and nothing behind. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((value) => URL.canParse(value) && ['', '/'].includes(new URL(value).pathname), { error: 'is not an origin such as https://api.example.com' })
  .transform((value) => new URL(value).origin);

/** One address of the auth core, or several that share a database, separated by semicolons. */
const coreAddresses = z.string().refine((value) => value.split(';').every((address) => /^https?:/.test(address) && URL.canParse(address)), {
  error: 'is not an address such as http://localhost:3567',
});

export const config = defineConfig({
  ...commonVariables,
  PORT: port(8000),
  API_DOMAIN: origin,
  WEBSITE_DOMAIN: origin,
  NATS_URL: z.string().min(1),
  SUPERTOKENS_CONNECTION_URI: coreAddresses,
  SUPERTOKENS_API_KEY: z.string().min(20).optional(),
});

export type Config = ReturnType<typeof config.read>;

/** Injects the configuration of the gateway. */
export const CONFIG = Symbol('CONFIG');
