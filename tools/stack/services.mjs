import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { root } from './files.mjs';
import { serviceUrl } from './migrate.mjs';
import { freePorts, isFree } from './ports.mjs';
import { takenPort } from './stack.mjs';

const database = ['DATABASE_URL', 'DATABASE_POOL_SIZE', 'DATABASE_NAMED_STATEMENTS', 'DATABASE_REPLICA_URLS'];
/** Every service, and the variables that it alone gets: a service cannot use a store that it was not given. */
const reads = {
  gateway: [
    'PORT',
    'NATS_URL',
    'REDIS_URL',
    'SUPERTOKENS_CONNECTION_URI',
    'SUPERTOKENS_API_KEY',
    'API_DOMAIN',
    'WEBSITE_DOMAIN',
    'WEBSITE_ORIGINS',
    'TRUSTED_PROXIES',
    'RATE_LIMIT_FACTOR',
    'EMAIL_VERIFICATION',
    'SIGN_IN_PROVIDERS',
    'COOKIE_DOMAIN',
    'OLDER_COOKIE_DOMAIN',
    'CURSOR_KEY',
    'GRAPHQL_TRUSTED_DOCUMENTS',
    'GRAPHQL_TRUSTED_ONLY',
    'GRPC_PORT',
    'GRPC_TLS_CERTIFICATE_FILE',
    'GRPC_TLS_KEY_FILE',
    'GRPC_CLIENT_CA_FILE',
  ],
  user: [...database, 'NATS_URL', 'SECOND_FACTOR_KEY', 'SECOND_FACTOR_ROLES'],
  post: [...database, 'NATS_URL', 'REDIS_URL'],
  media: [
    ...database,
    'NATS_URL',
    'REDIS_URL',
    'MINIO_ENDPOINT',
    'MINIO_PUBLIC_ENDPOINT',
    'MINIO_ACCESS_KEY',
    'MINIO_SECRET_KEY',
    'MINIO_BUCKET',
  ],
  notification: [...database, 'NATS_URL', 'SMTP_URL', 'MAIL_FROM', 'WEBHOOK_KEY', 'WEBHOOK_TARGETS'],
};
const all = ['APP_NAME', 'APP_VERSION', 'ENVIRONMENT', 'LOG_LEVEL', 'OPERATOR_PORT', 'OTEL_EXPORTER_OTLP_ENDPOINT'];
// What Node itself needs to run, and to be looked at while it runs.
const fromMachine = ['PATH', 'HOME', 'TZ', 'LANG', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS'];

export const serviceNames = Object.keys(reads);

/**
 * Starts services as processes of their own and answers when all of them are ready.
 * @param {object} options
 * @param {Awaited<ReturnType<import('./stack.mjs').startStack>>} options.stack
 * @param {string[]} [options.names]
 * @param {NodeJS.ProcessEnv} [options.env] values for variables such as ENVIRONMENT and LOG_LEVEL; each service gets those that it reads
 * @param {Record<string, NodeJS.ProcessEnv>} [options.extra] more variables for one of them
 * @param {number} [options.port] where clients reach the gateway; a free port where none is given
 * @param {Record<string, number>} [options.operatorPorts] where operators reach each service; free ones where none is given
 * @param {string} [options.dataDir] where pids are kept; that of the stack by default
 * @param {string} [options.logDir]
 * @param {Record<string, string>} [options.databases] addresses, by service; those of the stack by default
 */
export async function startServices({
  stack,
  names = serviceNames,
  env = {},
  extra = {},
  port,
  operatorPorts = {},
  dataDir = stack.dataDir,
  logDir = join(dataDir, 'logs'),
  databases = {},
}) {
  const [spare, ...spareForOperators] = await freePorts(names.length + 1);
  const services = Object.fromEntries(
    names.map((name, index) => [
      name,
      service({
        name,
        stack,
        env,
        extra: extra[name],
        port: name === 'gateway' ? (port ?? spare) : undefined,
        operatorPort: operatorPorts[name] ?? spareForOperators[index],
        dataDir,
        logDir,
        database: databases[name],
      }),
    ]),
  );
  const results = await Promise.allSettled(Object.values(services).map((each) => each.start()));
  const failed = results.find(({ status }) => status === 'rejected');
  if (!failed) return services;
  await stopServices(services);
  throw failed.reason;
}

export async function stopServices(services) {
  await Promise.all(Object.values(services).map((each) => each.stop()));
}

function service({ name, stack, env, extra, port, operatorPort, dataDir, logDir, database }) {
  const program = join(root, 'dist/apps', name, 'src/main.js');
  if (!existsSync(program))
    throw new StackError(`The service ${name} has not been compiled (${program} is absent).`, 'Run: npm run build');
  const operatorUrl = `http://127.0.0.1:${operatorPort}`;
  const variables = variablesOf(name, { stack, env, extra, port, operatorPort, database });
  const child = childProcess({
    name,
    dataDir,
    logFile: join(logDir, `${name}.log`),
    launch: () => ({ command: process.execPath, args: ['--enable-source-maps', program], cwd: root, env: variables }),
    ready: () => checkReady(operatorUrl),
    // Five processes start at once: on a busy machine that is half a minute. One that has ended is reported at once.
    readyWithinMs: 90_000,
    // Whatever listens there already would answer for us.
    beforeStart: async () => {
      for (const each of [port, operatorPort].filter(Boolean))
        if (!(await isFree(each))) throw takenPort(`the service ${name}`, each);
    },
  });
  return Object.assign(child, { operatorUrl, variables, ...(port && { url: `http://127.0.0.1:${port}`, port }) });
}

async function checkReady(url) {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`/health/ready answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  await answer.body?.cancel();
}

/** What one service is given: its own variables and no others. */
export function variablesOf(name, { stack, env = {}, extra = {}, port, operatorPort, database }) {
  const known = {
    APP_NAME: 'Fowergram',
    ENVIRONMENT: 'development',
    LOG_LEVEL: 'info',
    API_DOMAIN: `http://localhost:${port}`,
    WEBSITE_DOMAIN: 'http://localhost:3000',
    MAIL_FROM: 'Fowergram <hello@fowergram.localhost>',
    ...stack.env,
    ...stack.urlsOf(name),
    ...env,
    PORT: port && String(port),
    OPERATOR_PORT: String(operatorPort),
    DATABASE_URL:
      database ??
      (stack.postgres && stack.passwords[name] && serviceUrl(stack.postgres.url, name, stack.passwords[name])),
  };
  const wanted = Object.fromEntries([...all, ...reads[name]].map((variable) => [variable, known[variable]]));
  const machine = Object.fromEntries(fromMachine.map((variable) => [variable, process.env[variable]]));
  // Jest runs us with options for its own loader; a service must not inherit them.
  if (process.env.JEST_WORKER_ID) delete machine.NODE_OPTIONS;
  const variables = { ...machine, ...wanted, ...extra };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}
