import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { root, writePrivate } from './files.mjs';
import { converse } from './wire.mjs';

const users = join(root, 'tools/docker/redis/users.acl');

/**
 * A private Redis with a user for each service. Jobs of BullMQ live in it, hence the append-only file and no eviction.
 * @param {{ dataDir: string, program: { path: string }, port: number, password: string, passwords: Record<string, string>, durable: boolean }} options
 */
export async function redisServer({ dataDir, program, port, password, passwords, durable }) {
  const folder = join(dataDir, 'redis');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const configFile = join(dataDir, 'redis.conf');
  const usersFile = join(dataDir, 'redis-users.acl');
  // Passwords go through private files: arguments are visible to everybody on the machine.
  writePrivate(usersFile, withPasswords(readFileSync(users, 'utf8'), { password, passwords }));
  writePrivate(
    configFile,
    [
      'bind 127.0.0.1',
      `port ${port}`,
      'daemonize no',
      `dir "${folder}"`,
      `aclfile "${usersFile}"`,
      'save ""',
      `appendonly ${durable ? 'yes' : 'no'}`,
      'appendfsync everysec',
      'maxmemory-policy noeviction',
      'loglevel notice',
      '',
    ].join('\n'),
  );
  const child = childProcess({
    name: 'redis',
    dataDir,
    launch: () => ({
      command: program.path,
      args: [configFile],
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    }),
    ready: (pid) => checkRedisIdentity({ port, password, pid }),
  });
  await child.start();
  return Object.assign(child, {
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    urlOf: (service) => `redis://${service}:${passwords[service]}@127.0.0.1:${port}/0`,
  });
}

const withPasswords = (text, { password, passwords }) =>
  text.replace(/\$REDIS_(?:([A-Z]+)_)?PASSWORD/g, (_, user) => (user ? passwords[user.toLowerCase()] : password));

// A foreign Redis on the port would refuse the password, or accept anything and then name another process.
export async function checkRedisIdentity({ port, password, pid }) {
  const answer = await info({ host: '127.0.0.1', port, auth: ['default', password] });
  if (/-LOADING/.test(answer)) throw new Error('still loading its data');
  const found = /process_id:(\d+)/.exec(answer)?.[1];
  if (found !== String(pid)) throw new Error(`another Redis answers on port ${port} (process ${found ?? 'unknown'})`);
}

function info({ host, port, auth }) {
  const login = auth ? command('AUTH', ...auth) : '';
  return converse({
    host,
    port,
    say: `${login}${command('INFO', 'server')}`,
    done: (answer) => /redis_build_id|process_id:\d+\r\n[\s\S]*tcp_port|^-|\r\n-/.test(answer),
  });
}

const command = (...words) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;

/** A Redis that the environment names: asked what it is, used, and never started or stopped by us. */
export async function checkForeignRedis(url) {
  try {
    const { hostname, port, username, password, protocol } = new URL(url);
    // A store behind TLS is left to the services themselves: they fail with their own clear message.
    if (protocol === 'rediss:') return { urlOf: () => url };
    const auth = password ? [decodeURIComponent(username) || 'default', decodeURIComponent(password)] : undefined;
    const answer = await info({ host: hostname, port: Number(port || 6379), auth });
    const version = /redis_version:(\d+)\.(\d+)/.exec(answer);
    if (!version)
      throw new Error(answer.split('\r\n').find((line) => line.startsWith('-')) ?? 'it does not answer like Redis');
    if (Number(version[1]) < 7) throw new Error(`it is version ${version[1]}.${version[2]}, 7 or newer is needed`);
    // It has no users of ours: every service is the user whom the address names.
    return { urlOf: () => url };
  } catch (error) {
    throw new StackError(
      `The Redis of REDIS_URL cannot be used: ${error.message}.`,
      'Mend REDIS_URL, or unset it to get a private Redis.',
    );
  }
}
