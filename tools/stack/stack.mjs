import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { authCoreServer, checkForeignAuthCore } from './auth-core.mjs';
import { credentials } from './credentials.mjs';
import { StackError } from './errors.mjs';
import { readJson, writeJson } from './files.mjs';
import { processIdentity } from './identity.mjs';
import { lockFolder } from './lock.mjs';
import { checkForeignMail, mailServer } from './mail.mjs';
import { checkForeignNats, natsServer } from './nats.mjs';
import { checkForeignObjectStore, objectStoreServer } from './object-store.mjs';
import { freePort, isFree, portHolder } from './ports.mjs';
import { checkForeignPostgres, postgresServer, removeData } from './postgres.mjs';
import { requirePrograms } from './programs.mjs';
import { checkForeignRedis, redisServer } from './redis.mjs';

export { StackError, printFailure } from './errors.mjs';

const everything = ['postgres', 'redis', 'nats', 'objectStore', 'authCore', 'mail'];

/**
 * Brings up the stores and the auth core of one private stack and answers with their addresses.
 * What the environment names is used as it is; everything else runs here, on the loopback address, with its data in `dataDir`.
 * @param {object} options
 * @param {string} options.dataDir where data, logs, pids and credentials of this stack are kept
 * @param {(line: string) => void} [options.log]
 * @param {string} [options.mailFolder] where the mails are kept; in dataDir by default
 * @param {string[]} [options.stores] which of postgres, redis, nats, objectStore, authCore, mail; all of them by default
 * @param {Record<string, number>} [options.fixedPorts] ports that must be used; all others are free ones, remembered in dataDir
 * @param {boolean} [options.durable] false lets Postgres and Redis skip the disk: for tests that end with the data
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.what] how the lock calls us when somebody else wants the folder
 * @param {() => void} [options.release] given by a caller that holds the lock of the folder already
 */
export async function startStack({
  dataDir,
  mailFolder = join(dataDir, 'mail'),
  log = () => undefined,
  stores = everything,
  fixedPorts = {},
  durable = true,
  env = process.env,
  what = 'A stack',
  release: held,
}) {
  const wanted = new Set(stores);
  const release = held ?? (await lockFolder(dataDir, { log, what }));
  const started = [];
  let stopping;
  const stop = () =>
    (stopping ??= stopInReverse(started).finally(() => {
      rmSync(join(dataDir, 'running.json'), { force: true });
      release();
    }));
  try {
    const outside = await checkOutside(wanted, env);
    const programs = requirePrograms(
      ['postgres', 'redis', 'nats'].filter((name) => wanted.has(name) && !outside[name]),
      { log, env },
    );
    const secrets = credentials(dataDir);
    const port = portBook({ dataDir, fixedPorts, log });
    const run = async (name, start) => {
      if (!wanted.has(name)) return undefined;
      if (outside[name]) return outside[name];
      const before = Date.now();
      const store = await start(await port(name));
      if (!store) return undefined;
      started.push(store);
      log(`${label(name)} is up (${((Date.now() - before) / 1000).toFixed(1)} s)`);
      return store;
    };
    const results = await Promise.allSettled([
      run('postgres', (at) =>
        postgresServer({ dataDir, program: programs.postgres, port: at, password: secrets.postgres, durable, log }),
      ),
      run('redis', (at) =>
        redisServer({
          dataDir,
          program: programs.redis,
          port: at,
          password: secrets.redis,
          passwords: secrets.redisUsers,
          durable,
        }),
      ),
      run('nats', (at) =>
        natsServer({ dataDir, program: programs.nats, port: at, stackId: secrets.stackId, passwords: secrets.nats }),
      ),
      run('objectStore', (at) =>
        objectStoreServer({ dataDir, port: at, ...secrets.objectStore, media: secrets.mediaObjects, log, env }),
      ),
      run('mail', (at) => mailServer({ dataDir, folder: mailFolder, port: at, stackId: secrets.stackId })),
    ]);
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const [postgres, redis, nats, objectStore, mail] = results.map(({ value }) => value);
    const authCore = await run('authCore', (at) =>
      authCoreServer({
        dataDir,
        port: at,
        adminUrl: postgres?.url,
        passwords: secrets.roles,
        apiKey: secrets.authCore,
        log,
      }),
    );
    writeJson(join(dataDir, 'running.json'), {
      owner: { pid: process.pid, identity: processIdentity(process.pid) },
      adminUrl: postgres?.url,
      nats: nats?.urlOf('operator'),
      authCore: authCore?.url,
    });
    return {
      dataDir,
      postgres,
      redis,
      nats,
      objectStore,
      authCore,
      mail,
      stop,
      /** Stops everything and removes every trace of it: for stacks that were made for one run. */
      async destroy() {
        await stop();
        removeData(dataDir);
      },
      passwords: secrets.roles,
      urlsOf: (service) => ({
        ...(nats && { NATS_URL: nats.urlOf(service) }),
        ...(redis && { REDIS_URL: redis.urlOf(service) }),
      }),
      env: {
        ...addresses({ objectStore, authCore, mail }),
        SECOND_FACTOR_KEY: secrets.secondFactorKey,
        CURSOR_KEY: secrets.cursorKey,
        WEBHOOK_KEY: secrets.webhookKey,
        // Receivers that are tried out run on this machine.
        WEBHOOK_TARGETS: 'any',
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const label = (name) =>
  ({
    postgres: 'Postgres',
    redis: 'Redis',
    nats: 'NATS',
    objectStore: 'the object store',
    authCore: 'the auth core',
    mail: 'the mail server',
  })[name];

// Later ones lean on earlier ones: the auth core writes to Postgres until it is gone.
async function stopInReverse(started) {
  for (const store of [...started].reverse()) await store.stop();
}

function addresses({ objectStore, authCore, mail }) {
  return {
    ...(objectStore && {
      MINIO_ENDPOINT: objectStore.url,
      MINIO_PUBLIC_ENDPOINT: objectStore.publicUrl,
      MINIO_BUCKET: objectStore.bucket,
      MINIO_ACCESS_KEY: objectStore.media.accessKey,
      MINIO_SECRET_KEY: objectStore.media.secretKey,
    }),
    ...(authCore && { SUPERTOKENS_CONNECTION_URI: authCore.url, SUPERTOKENS_API_KEY: authCore.apiKey }),
    ...(mail && { SMTP_URL: mail.url }),
  };
}

/** The stores that the environment names, each asked who it is before anything is started. */
async function checkOutside(wanted, env) {
  const named = [
    ['postgres', env.DATABASE_URL, () => checkForeignPostgres(env.DATABASE_URL)],
    ['redis', env.REDIS_URL, () => checkForeignRedis(env.REDIS_URL)],
    ['nats', env.NATS_URL, () => checkForeignNats(env.NATS_URL)],
    ['objectStore', env.MINIO_ENDPOINT, () => checkForeignObjectStore(env)],
    ['authCore', env.SUPERTOKENS_CONNECTION_URI, () => checkForeignAuthCore(env)],
    ['mail', env.SMTP_URL, () => checkForeignMail(env.SMTP_URL)],
  ].filter(([name, url]) => wanted.has(name) && url);
  const checked = await Promise.all(
    named.map(async ([name, url, check]) => [name, outsideStore(name, url, await check())]),
  );
  return Object.fromEntries(checked);
}

function outsideStore(name, url, more = {}) {
  const notOurs = async () => {
    throw new StackError(`${label(name)} was named by the environment: it is not ours to start, stop or kill.`);
  };
  return {
    name,
    url,
    outside: true,
    pid: undefined,
    start: notOurs,
    restart: notOurs,
    kill: notOurs,
    stop: async () => undefined,
    ...more,
  };
}

/** Gives each store the port it had last time; one that somebody else took in between is replaced, unless it was demanded. */
function portBook({ dataDir, fixedPorts, log }) {
  const file = join(dataDir, 'ports.json');
  mkdirSync(dataDir, { recursive: true });
  const book = existsSync(file) ? (readJson(file) ?? {}) : {};
  return async (name) => {
    const demanded = fixedPorts[name];
    if (demanded) {
      if (!(await isFree(demanded))) throw takenPort(label(name), demanded);
      return demanded;
    }
    if (book[name] && !(await isFree(book[name]))) {
      log(`port ${book[name]} of ${label(name)} is taken by another program now; using a new one`);
      delete book[name];
    }
    book[name] ??= await unusedPort(book);
    writeJson(file, book);
    return book[name];
  };
}

// Stores choose at the same time: a port that another one has written down is not free, though nobody listens on it yet.
async function unusedPort(book) {
  for (;;) {
    const port = await freePort();
    if (!Object.values(book).includes(port)) return port;
  }
}

export function takenPort(who, port, whatToDo = 'Stop that program, or choose another port.') {
  const holder = portHolder(port);
  return new StackError(
    `Port ${port}, which ${who} needs, is taken${holder ? ` by process ${holder.pid} (${holder.command})` : ' by another program'}.`,
    whatToDo,
  );
}
