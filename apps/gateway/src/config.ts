import { isIP } from 'node:net';
import { z } from 'zod';
import { natsUrl } from '@fowergram/messaging';
import {
  allOf,
  commonVariables,
  defineConfig,
  overTls,
  port,
  present,
  type ProductionCheck,
  strongPassword,
  strongSecret,
} from '@fowergram/service-kit';
import { signInProviders } from './auth/login-methods/sign-in-providers.config.js';

/** An origin as browsers send it: scheme, host and port, and nothing behind. */
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((value) => URL.canParse(value) && ['', '/'].includes(new URL(value).pathname), {
    error: 'is not an origin such as https://api.example.com',
  })
  .transform((value) => new URL(value).origin);

/** Origins, separated by commas. */
const origins = z
  .string()
  .transform((value) => value.split(',').map((each) => each.trim()))
  .pipe(z.array(origin));

/** One address of the auth core, or several that share a database, separated by semicolons. */
const coreAddresses = z
  .string()
  .refine((value) => value.split(';').every((address) => /^https?:/.test(address) && URL.canParse(address)), {
    error: 'is not an address such as http://localhost:3567',
  });

/** Networks such as 10.0.0.0/8, separated by commas. */
const networks = z
  .string()
  .transform((value) => value.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), { error: 'is not a list of networks such as 10.0.0.0/8, fd00::/8' });

const variables = {
  ...commonVariables,
  PORT: port(8000),
  API_DOMAIN: origin,
  WEBSITE_DOMAIN: origin,
  /** Further pages of our own: a second web client, a preview. */
  WEBSITE_ORIGINS: origins.optional(),
  NATS_URL: natsUrl,
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** Whose X-Forwarded-For is believed. Without it the address of the connection counts. */
  TRUSTED_PROXIES: networks.optional(),
  /** Multiplies every request limit (docs/limits.md): a load test raises them by it. The limits of signing in stay as they are. */
  RATE_LIMIT_FACTOR: z.coerce.number().positive().default(1),
  /** off: never asked for; optional: asked for by mail; required: nothing works before. */
  EMAIL_VERIFICATION: z.enum(['off', 'optional', 'required']).default('optional'),
  /** Who else may sign users in, as a JSON list (docs/auth.md). */
  SIGN_IN_PROVIDERS: signInProviders,
  /** Set it before the first user comes: cookies of another domain are not found again. */
  COOKIE_DOMAIN: z.string().optional(),
  OLDER_COOKIE_DOMAIN: z.string().optional(),
  /** Signs the cursors of lists; the same for all replicas. */
  CURSOR_KEY: z.string().regex(/^[0-9a-f]{64}$/i, { error: 'is not 32 bytes in hex (openssl rand -hex 32)' }),
  /** A file with the documents that the clients were built with, by their ids (docs/clients.md). */
  GRAPHQL_TRUSTED_DOCUMENTS: z.string().min(1).optional(),
  /** on: no other document is executed. */
  GRAPHQL_TRUSTED_ONLY: z.enum(['on', 'off']).default('off'),
  /** Where other back ends call by gRPC (docs/grpc.md); nobody listens without it. */
  GRPC_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** Files in PEM: the certificate of the server, its key, and the CA of the clients where only these may connect. */
  GRPC_TLS_CERTIFICATE_FILE: z.string().min(1).optional(),
  GRPC_TLS_KEY_FILE: z.string().min(1).optional(),
  GRPC_CLIENT_CA_FILE: z.string().min(1).optional(),
  SUPERTOKENS_CONNECTION_URI: coreAddresses,
  SUPERTOKENS_API_KEY: z.string().min(20).optional(),
};

const grpcOverTls: ProductionCheck = (value, { GRPC_TLS_CERTIFICATE_FILE } = {}) =>
  value && !GRPC_TLS_CERTIFICATE_FILE
    ? 'needs GRPC_TLS_CERTIFICATE_FILE and GRPC_TLS_KEY_FILE: keys and tokens travel to this port'
    : undefined;

const namesProxies = (value: string | undefined) =>
  value?.split(',').some((network) => /\/0+$/.test(network.trim()))
    ? 'believes everybody where a request comes from: name the networks of the ingress'
    : undefined;

const allOverTls = (value: string | undefined) =>
  value?.split(',').every((each) => each.trim().startsWith('https://')) === false
    ? 'must begin with https://, each of them'
    : undefined;

const speaksTlsToProviders = (value: string | undefined) =>
  value && /"issuer"\s*:\s*"http:/.test(value)
    ? 'names an issuer without https://: whoever is on the way signs anybody in'
    : undefined;

/** Every variable that the gateway reads, and what production does not start with. */
export const config = defineConfig(variables, {
  API_DOMAIN: overTls,
  WEBSITE_DOMAIN: overTls,
  WEBSITE_ORIGINS: allOverTls,
  NATS_URL: strongPassword,
  REDIS_URL: strongPassword,
  TRUSTED_PROXIES: allOf(
    present('TLS ends before this process, and limits count the address that the proxy tells'),
    namesProxies,
  ),
  SIGN_IN_PROVIDERS: speaksTlsToProviders,
  CURSOR_KEY: strongSecret,
  GRPC_PORT: grpcOverTls,
  SUPERTOKENS_API_KEY: allOf(present('whoever reaches the auth core without one is let in'), strongSecret),
});

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export type Config = ReturnType<typeof config.read>;
