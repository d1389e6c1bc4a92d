import { AuthorizationError, connect, type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';
import { z } from 'zod';
import { AppError } from '@fowergram/contracts-core';
import { ConfigError } from '@fowergram/service-kit';

/** Calls `react` for each change of the connection; the returned function ends it. */
export function onStatus(nats: NatsConnection, react: (type: string) => void): () => void {
  const status = nats.status();
  void (async () => {
    for await (const { type } of status) react(type);
  })();
  return () => (status as AsyncIterable<unknown> & { stop?: () => void }).stop?.();
}

/** Calls `react` for each thing that NATS does not let this user say or hear; the returned function ends it. */
export function onViolation(nats: NatsConnection, react: (violation: PermissionViolationError) => void): () => void {
  const status = nats.status();
  void (async () => {
    for await (const change of status)
      if (change.type === 'error' && change.error instanceof PermissionViolationError) react(change.error);
  })();
  return () => (status as AsyncIterable<unknown> & { stop?: () => void }).stop?.();
}

/** Where the replies to a service arrive: NATS lets it listen to nobody else's. */
export const inboxPrefix = (service: string): string => `_INBOX.${service}`;

/** The addresses of NATS, with commas between them where it is a cluster; the user and password of the first are shown to each. */
export const natsUrl = z.string().refine((value) => value.split(',').every((address) => URL.canParse(address)), {
  error: 'must be an address, or several with commas between them',
});

/** Connects to `nats://user:password@host:port[,…]`; later breaks are healed for ever, only the first connect may fail. */
export async function connectNats(url: string, service: string): Promise<NatsConnection> {
  const servers = url.split(',').map((server) => new URL(server));
  const { username, password } = servers[0]!;
  try {
    return await connect({
      servers: servers.map((server) => server.host),
      name: service,
      inboxPrefix: inboxPrefix(service),
      ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 100,
      pingInterval: 10_000,
      maxPingOut: 2,
      timeout: 5_000,
      // Capturing where each request came from costs more than the request; its subject is in the error already.
      noAsyncTraces: true,
    });
  } catch (error) {
    if (isRefusal(error)) throw new ConfigError('NATS_URL: NATS does not take this user and password.');
    throw new AppError(
      'UNAVAILABLE',
      `NATS does not answer at ${servers.map((server) => server.host).join(', ')}.`,
      {},
      { cause: error },
    );
  }
}

function isRefusal(error: unknown): boolean {
  const authorization = error instanceof Error && !(error instanceof AuthorizationError) ? error.cause : error;
  // A server that is busy lets the time of a sign-in pass, which says nothing of the password.
  return authorization instanceof AuthorizationError && !/authentication timeout/i.test(authorization.message);
}
