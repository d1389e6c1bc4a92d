import { z } from 'zod';
import type { ProductionCheck } from './production-checks.js';

/** A TCP port; 0 lets the system choose. */
export const port = (byDefault: number) => z.coerce.number().int().min(0).max(65_535).default(byDefault);

/** The variables that every process reads. */
export const commonVariables = {
  APP_NAME: z.string().min(1).default('Fowergram'),
  APP_VERSION: z.string().min(1).default('0.1.0'),
  ENVIRONMENT: z.enum(['development', 'test', 'production']),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Where operators ask for metrics and health. */
  OPERATOR_PORT: port(9090),
};

export class ConfigError extends Error {}

/**
 * Makes the function that reads a service's variables from an environment; every violation is reported in one ConfigError. In
 * production the checks of `inProduction` are violated by what is good enough for development.
 */
export function defineConfig<S extends z.ZodRawShape>(
  variables: S,
  inProduction: { [Name in keyof S]?: ProductionCheck } = {},
): { read: (env: NodeJS.ProcessEnv) => z.output<z.ZodObject<S>>; names: string[]; checkedInProduction: string[] } {
  const schema = z.object(variables);
  return {
    names: Object.keys(variables),
    checkedInProduction: Object.keys(inProduction),
    read: (env) => {
      const given = Object.fromEntries(
        Object.keys(variables).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
      );
      const result = schema.safeParse(given);
      const violations = result.success ? new Map<string, string>() : violationsOf(result.error, given);
      for (const [name, violation] of given.ENVIRONMENT === 'production' ? weakValues(inProduction, given) : [])
        if (!violations.has(name)) violations.set(name, violation);
      if (result.success && violations.size === 0) return result.data;
      const lines = [...violations].map(([name, violation]) => `  ${name}: ${violation}`);
      throw new ConfigError(`The configuration is not complete. See .env.example.\n${lines.join('\n')}`);
    },
  };
}

type Given = Record<string, string | undefined>;

const violationsOf = (error: z.ZodError, given: Given): Map<string, string> =>
  new Map(
    error.issues.map(({ path, message }) => [
      path.join('.'),
      given[String(path[0])] === undefined ? 'is missing' : message,
    ]),
  );

function weakValues(checks: Partial<Record<string, ProductionCheck>>, given: Given): [string, string][] {
  return Object.entries(checks).flatMap(([name, check]): [string, string][] => {
    const violation = check?.(given[name], given);
    return violation === undefined ? [] : [[name, violation]];
  });
}

/** Injects the configuration of the service; a service types it by its own `Config`. */
export const CONFIG = Symbol('CONFIG');

/** What every service reads; only one that clients may call has a PORT. */
export type CommonConfig = z.output<z.ZodObject<typeof commonVariables>> & { PORT?: number };
