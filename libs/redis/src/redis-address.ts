import type { RedisOptions } from 'ioredis';

/**
 * How REDIS_URL is reached. With `?sentinel=<name>` its host is a Sentinel, as are those of each `&at=<host>:<port>`, and they say which
 * server is the primary of that name; user and password are those of the servers.
 */
export function optionsOf(address: string): RedisOptions {
  const url = new URL(address);
  const name = url.searchParams.get('sentinel');
  const options: RedisOptions = {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
  if (name === null) return { ...options, ...placeOf(url.host, 6_379) };
  return {
    ...options,
    name,
    sentinels: [url.host, ...url.searchParams.getAll('at')].map((host) => placeOf(host, 26_379)),
    ...(url.protocol === 'rediss:' ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    // Connections to a server that is no primary any more end at once, and not when it goes away.
    failoverDetector: true,
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  };
}

function placeOf(host: string, standardPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(`redis://${host}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || standardPort) };
}
