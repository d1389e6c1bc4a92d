import { MAX_REVOCATIONS, sessionRpc } from '@fowergram/contracts-user';
import { ConfigError } from '@fowergram/service-kit';
import { accountOf } from './accounts.js';
import type { Command, Surroundings } from './command.js';

const TIMEOUT_MS = 10_000;
/** The version of the core's interface that the gateway speaks. */
const INTERFACE = '5.4';

export const sessions: Command[] = [
  {
    usage: 'sessions revoke <username or id>',
    about: 'ends all sessions of an account; asks the auth core, so it runs where the gateway runs',
    plan: async ({ operation: { bus }, env }, { words }) => {
      const { userId, username } = await accountOf(bus, words[0]!);
      const handles = await sessionsOf(env, userId);
      return {
        subject: userId,
        says: `end the ${handles.length} sessions of ${username} (${userId})`,
        act: async () => {
          // On record before they end: an access token lives on without its session, and gateways refuse it by the record.
          for (let from = 0; from < handles.length; from += MAX_REVOCATIONS)
            await bus.call(sessionRpc.revoke, { handles: handles.slice(from, from + MAX_REVOCATIONS) });
          await ask(env, 'POST', '/recipe/session/remove', { sessionHandles: handles });
          return { ended: handles.length };
        },
      };
    },
  },
];

async function sessionsOf(env: Surroundings['env'], userId: string): Promise<string[]> {
  const query = new URLSearchParams({ userId, fetchAcrossAllTenants: 'true' });
  const { sessionHandles } = await ask<{ sessionHandles: string[] }>(env, 'GET', `/recipe/session/user?${query}`);
  return sessionHandles;
}

async function ask<T>(env: Surroundings['env'], method: string, path: string, body?: object): Promise<T> {
  const { SUPERTOKENS_CONNECTION_URI: uri, SUPERTOKENS_API_KEY: apiKey } = env;
  if (!uri) throw new ConfigError('SUPERTOKENS_CONNECTION_URI: the address of the auth core, as the gateway has it.');
  const answer = await fetch(`${uri.replace(/\/$/, '')}${path}`, {
    method,
    headers: {
      'cdi-version': INTERFACE,
      rid: 'session',
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { 'api-key': apiKey }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`The auth core answers ${answer.status}.`);
  return (await answer.json()) as T;
}
