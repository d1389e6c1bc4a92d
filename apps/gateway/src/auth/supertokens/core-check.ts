import { ConfigError, type Logger } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

const TIMEOUT_MS = 2_000;
/** What the SDK speaks of the core's driver interface. */
const INTERFACE = '5.4';
/** How a core answers that has not asked for the key: it counts, or it says that it knows no such tenant. */
const OPEN = [200, 400];

type Core = Pick<Config, 'ENVIRONMENT' | 'SUPERTOKENS_CONNECTION_URI' | 'SUPERTOKENS_API_KEY'>;

/**
 * Asks the auth core before the first user does; throws ConfigError where no sign-in could ever work, or anybody could. The core does
 * not tell its version, so it is asked for the fault that 11.4.6 repaired. A core that is away may come yet and is only reported.
 */
export async function checkAuthCore(config: Core, log: Logger): Promise<void> {
  for (const address of config.SUPERTOKENS_CONNECTION_URI.split(';')) {
    const base = address.trim().replace(/\/$/, '');
    const answers = await Promise.all([
      ask(`${base}/apiversion`, config.SUPERTOKENS_API_KEY),
      ask(`${base}/no-such-tenant/users/count`, undefined),
    ]).catch((error: unknown) => log.warn({ err: error }, 'auth core not checked, it does not answer'));
    if (!answers) continue;
    await requireOwnKey(answers[0], config);
    await requireClosedCore(answers[1], config, log);
  }
}

async function requireOwnKey(answer: Response, { SUPERTOKENS_API_KEY }: Core): Promise<void> {
  if (answer.status === 401)
    throw new ConfigError(
      SUPERTOKENS_API_KEY === undefined
        ? 'SUPERTOKENS_API_KEY is missing, and the auth core asks for one.'
        : 'SUPERTOKENS_API_KEY is none of the API keys of the auth core.',
    );
  if (answer.status !== 200) return;
  const { versions } = (await answer.json().catch(() => ({}))) as { versions?: unknown };
  if (!Array.isArray(versions) || !versions.includes(INTERFACE))
    throw new ConfigError(
      `SUPERTOKENS_CONNECTION_URI leads to no auth core that speaks version ${INTERFACE} of its driver interface.`,
    );
}

/** Whoever reaches the port of a core that answers this changes what sessions say of their owners. */
async function requireClosedCore(answer: Response, { ENVIRONMENT, SUPERTOKENS_API_KEY }: Core, log: Logger) {
  if (SUPERTOKENS_API_KEY === undefined || !OPEN.includes(answer.status)) return;
  const violation =
    'The auth core of SUPERTOKENS_CONNECTION_URI answers without an API key under a tenant that does not exist. Use 11.4.6 or newer, with API_KEYS.';
  if (ENVIRONMENT === 'production') throw new ConfigError(violation);
  log.warn(violation);
}

const ask = (url: string, apiKey: string | undefined): Promise<Response> =>
  fetch(url, {
    headers: { 'cdi-version': INTERFACE, ...(apiKey !== undefined && { 'api-key': apiKey }) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
