import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { root, writePrivate } from './files.mjs';
import { converse } from './wire.mjs';

const users = join(root, 'tools/docker/nats/users.conf');
const administration = join(root, 'dist/libs/messaging/src/administration.js');

/**
 * A private NATS with JetStream, the users of the services with their permissions, and their streams and consumers.
 * @param {{ dataDir: string, program: { path: string, version: string }, port: number, stackId: string, passwords: Record<string, string> }} options
 */
export async function natsServer({ dataDir, program, port, stackId, passwords }) {
  const folder = join(dataDir, 'nats');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  const serverName = `fowergram-${stackId}`;
  const configFile = join(dataDir, 'nats.conf');
  writePrivate(
    configFile,
    [
      `server_name: "${serverName}"`,
      `listen: "127.0.0.1:${port}"`,
      'max_payload: 4MB',
      `jetstream { store_dir: ${JSON.stringify(folder)} }`,
      'include users.conf',
      '',
    ].join('\n'),
  );
  // The server reads an included file from beside the one that includes it.
  copyFileSync(users, join(dataDir, 'users.conf'));
  const urlOf = (user) => `nats://${user}:${passwords[user]}@127.0.0.1:${port}`;
  const admin = { user: 'administrator', password: passwords.administrator };
  const child = childProcess({
    name: 'nats',
    dataDir,
    launch: () => ({
      command: program.path,
      args: ['-c', configFile],
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...passwordVariables(passwords) },
    }),
    ready: async () => {
      await checkNatsIdentity({ host: '127.0.0.1', port, ...admin, serverName });
      await administerNats(urlOf('administrator'));
    },
  });
  await child.start();
  return Object.assign(child, { url: urlOf('administrator'), urlOf });
}

// In quotes: a password of digits alone would be a number to the server.
const passwordVariables = (passwords) =>
  Object.fromEntries(
    Object.entries(passwords).map(([user, password]) => [`NATS_${user.toUpperCase()}_PASSWORD`, `"${password}"`]),
  );

/** Makes the streams and the consumers of the services: a step of every start, since no service may take it. */
export async function administerNats(url) {
  if (!existsSync(administration))
    throw Object.assign(
      new StackError(
        `What makes the streams has not been compiled (${administration} is absent).`,
        'Run: node tools/build/build.mjs',
      ),
      { fatal: true },
    );
  const { administer } = await import(administration);
  await administer(url, JSON.parse(readFileSync(join(root, 'tools/permissions/service-map.json'), 'utf8')));
}

// The name is random per stack; the password must be accepted too, which a namesake would not do.
export async function checkNatsIdentity({ serverName, ...address }) {
  const info = await login(address);
  if (info.server_name !== serverName)
    throw new Error(`another NATS answers on port ${address.port} (${info.server_name})`);
  if (!info.jetstream) throw new Error('JetStream is not up');
}

async function login({ host, port, user, password }) {
  const hello = JSON.stringify({
    verbose: false,
    pedantic: false,
    tls_required: false,
    lang: 'node',
    version: '1',
    ...(user ? { user, pass: password } : {}),
  });
  const answer = await converse({
    host,
    port,
    say: `CONNECT ${hello}\r\nPING\r\n`,
    done: (text) => /\r\nPONG\r\n|-ERR/.test(text),
  });
  const failure = /-ERR '([^']*)'/.exec(answer);
  if (failure) throw new Error(failure[1]);
  return JSON.parse(/^INFO (\{.*\})/.exec(answer)?.[1] ?? '{}');
}

/** A NATS that the environment names: asked what it is, used, and never started or stopped by us. */
export async function checkForeignNats(url) {
  try {
    const { hostname, port, username, password } = new URL(url);
    const info = await login({
      host: hostname,
      port: Number(port || 4222),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    });
    const [major, minor] = (info.version ?? '0.0').split('.').map(Number);
    if (major < 2 || (major === 2 && minor < 9))
      throw new Error(`it is version ${info.version}, 2.9 or newer is needed`);
    if (!info.jetstream) throw new Error('it runs without JetStream');
    await administerNats(url);
    // It has no users of ours: every service is the user whom the address names.
    return { urlOf: () => url };
  } catch (error) {
    throw new StackError(
      `The NATS of NATS_URL cannot be used: ${error.message}.`,
      'Mend NATS_URL, or unset it to get a private NATS.',
    );
  }
}
