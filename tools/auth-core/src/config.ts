import { z } from 'zod';
import { licensedFeatures, type Feature } from './licence.js';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const apiKey = /^[A-Za-z0-9=-]{20,}$/;

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3567),
  HOST: z
    .string()
    .default('127.0.0.1')
    .refine((host) => loopback.test(host), 'must be a loopback address: this server is for development and tests only'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address'),
  API_KEYS: z
    .string()
    .default('')
    .transform((keys) =>
      keys
        .split(',')
        .map((key) => key.trim())
        .filter(Boolean),
    )
    .refine(
      (keys) => keys.every((key) => apiKey.test(key)),
      'each key needs at least 20 characters of A-Z a-z 0-9 = -',
    ),
  FEATURES: z
    .string()
    .default('')
    .transform((names) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(
      z.array(
        z.enum(
          licensedFeatures,
          `must be among ${licensedFeatures.join(', ')}: nothing else that needs a licence is here`,
        ),
      ),
    ),
  APPS_NEED_LICENCE: z.enum(['true', 'false']).default('false'),
  ACCESS_TOKEN_VALIDITY_SECONDS: z.coerce.number().int().min(1).max(86_400_000).default(3600),
});

export interface Config {
  port: number;
  host: string;
  databaseUrl: string;
  apiKeys: string[];
  features: Feature[];
  appsNeedLicence: boolean;
  accessTokenValiditySeconds: number;
}

/** Reads the environment once; every bad name is reported in the same message. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  if (env.NODE_ENV === 'production' || env.ENVIRONMENT === 'production') {
    throw new Error(
      'auth-core is a development stand-in and refuses to run in production: set SUPERTOKENS_CONNECTION_URI to a real SuperTokens core instead.',
    );
  }
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const violations = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`auth-core cannot start, these variables are wrong:\n${violations.join('\n')}`);
  }
  return {
    port: parsed.data.PORT,
    host: parsed.data.HOST,
    databaseUrl: parsed.data.DATABASE_URL,
    apiKeys: parsed.data.API_KEYS,
    features: parsed.data.FEATURES,
    appsNeedLicence: parsed.data.APPS_NEED_LICENCE === 'true',
    accessTokenValiditySeconds: parsed.data.ACCESS_TOKEN_VALIDITY_SECONDS,
  };
}
