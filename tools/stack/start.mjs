import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { killEverything, stopEverything } from './child.mjs';
import { developmentData } from './current.mjs';
import { printFailure, StackError } from './errors.mjs';
import { readJson, root, writeJson } from './files.mjs';
import { pause } from './identity.mjs';
import { checkNode, prepare, runStep, step, stopSteps } from './install.mjs';
import { lockFolder } from './lock.mjs';
import { freePort, isFree, portHolder } from './ports.mjs';

const began = Date.now();
const seconds = () => ((Date.now() - began) / 1000).toFixed(1);
const log = (line) => console.log(`  ${line}`);
const mailFolder = join(root, '.data', 'mail');
const defaultGatewayPort = 8000;
const usualWebPort = 3000;
const usualOperatorPorts = { gateway: 9090, user: 9091, post: 9092, media: 9093, notification: 9094 };

/** Set by --watch and --watch=<service>: which services a change restarts. */
const watched = watchedServices();

const state = { stopping: undefined, stack: undefined, services: undefined, web: undefined, release: undefined };

async function start() {
  checkNode();
  console.log('Fowergram is starting');
  state.release = await lockFolder(developmentData, { log, what: 'npm start' });
  const gatewayPort = await gatewayPortOrFault();
  await prepare(log);
  await step(log, 'web app', () => runStep('web app', process.execPath, ['tools/build/web.mjs']));
  stopHere();
  // These need the packages that have just been installed.
  const { startStack } = await import('./stack.mjs');
  const { migrate } = await import('./migrate.mjs');
  const { startServices } = await import('./services.mjs');
  state.stack = await step(log, 'stores and auth core', () =>
    startStack({
      dataDir: developmentData,
      mailFolder,
      log: (line) => log(`  ${line}`),
      release: state.release,
      what: 'npm start',
    }),
  );
  stopHere();
  const { stack } = state;
  const databases = await step(log, 'migrations', () =>
    migrate({ adminUrl: stack.postgres.url, passwords: stack.passwords }),
  );
  const operatorPorts = await freeOperatorPorts(gatewayPort);
  state.services = await step(log, 'the five services', () =>
    startServices({ stack, databases, port: gatewayPort, operatorPorts, env: chosenVariables(gatewayPort) }),
  );
  stopHere();
  guard([...Object.values(state.services), ...stores(stack)]);
  const demo = await demoData(state.services.gateway.url);
  state.web = await serveWebApp(gatewayPort, demo?.signIns);
  const { describe } = await import('./welcome.mjs');
  console.log(describe({ stack, services: state.services, web: state.web, demo, seconds: seconds() }));
  if (stack.mail.folder) await announceMails(stack.mail.folder);
  if (watched) watchSources();
  // Children run in groups of their own and would keep us alive through their handles; this makes it plain that we stay.
  setInterval(() => undefined, 60_000);
}

/** At its usual port where that is free, since the links in mails lead there. */
async function serveWebApp(gatewayPort, demo) {
  const { serveWeb } = await import('./web.mjs');
  const port = gatewayPort !== usualWebPort && (await isFree(usualWebPort)) ? usualWebPort : await freePort();
  if (port !== usualWebPort) log(`port ${usualWebPort} is taken; the web app is at ${port}`);
  const apiUrl = process.env.API_DOMAIN ?? `http://localhost:${gatewayPort}`;
  return serveWeb({ port, apiUrl, pictureUrl: state.stack.objectStore.publicUrl, demo });
}

const stores = ({ postgres, redis, nats, objectStore, authCore, mail }) =>
  [postgres, redis, nats, objectStore, authCore, mail].filter((store) => store && !store.outside);

async function announceMails(folder) {
  const { announcement, watchMails } = await import('./mail-folder.mjs');
  watchMails(folder, (mail) => console.log(announcement(mail).replace(/^/gm, '  ')));
}

function stopHere() {
  if (state.stopping) throw new Interrupted();
}

class Interrupted extends Error {}

/** The gateway's address is written into apps and bookmarks: it is never moved silently. */
async function gatewayPortOrFault() {
  const port = Number(process.env.PORT ?? defaultGatewayPort);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StackError(
      `PORT is "${process.env.PORT}", which is not a port.`,
      'Use a number between 1 and 65535, for example: PORT=8010 npm start',
    );
  if (await isFree(port)) return port;
  const holder = portHolder(port);
  throw new StackError(
    `Port ${port}, where the gateway listens, is taken${holder ? ` by process ${holder.pid} (${holder.command})` : ' by another program'}.`,
    `Stop that program, or use another port: PORT=${(await isFree(8010)) ? 8010 : await freePort()} npm start`,
  );
}

/** Operators find each service at its usual port where that is free, and at the same other one where it is not. */
async function freeOperatorPorts(gatewayPort) {
  const file = join(developmentData, 'operator-ports.json');
  const stored = readJson(file) ?? {};
  const ports = {};
  for (const [name, usual] of Object.entries(usualOperatorPorts)) {
    const wish = stored[name] ?? usual;
    ports[name] = wish !== gatewayPort && (await isFree(wish)) ? wish : await freePort();
    if (ports[name] !== wish)
      log(`port ${wish}, where operators ask the service ${name}, is taken; they ask at ${ports[name]}`);
  }
  writeJson(file, ports);
  return ports;
}

function chosenVariables(gatewayPort) {
  const { ENVIRONMENT, LOG_LEVEL, APP_NAME, OTEL_EXPORTER_OTLP_ENDPOINT, WEBSITE_DOMAIN, WEBSITE_ORIGINS, API_DOMAIN } =
    process.env;
  const version = readJson(join(root, 'package.json')).version;
  const chosen = {
    ENVIRONMENT,
    LOG_LEVEL,
    APP_NAME,
    OTEL_EXPORTER_OTLP_ENDPOINT,
    WEBSITE_DOMAIN,
    WEBSITE_ORIGINS,
    APP_VERSION: version,
    GRPC_PORT: process.env.GRPC_PORT,
  };
  return Object.fromEntries(
    Object.entries({ ...chosen, API_DOMAIN: API_DOMAIN ?? `http://localhost:${gatewayPort}` }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

/** Users, follows and photos for a database that has none yet. A second start finds the note and leaves the data alone. */
async function demoData(gatewayUrl) {
  const note = join(developmentData, 'demo.json');
  const stored = readJson(note);
  if (stored) return stored;
  const program = join(root, 'dist/apps/e2e/src/seed/demo.js');
  if (!existsSync(program))
    return void log('there is no demo data in this checkout (apps/e2e/src/seed/demo.ts is absent)');
  try {
    const said = await step(log, 'demo data', () =>
      runStep('demo data', process.execPath, ['--enable-source-maps', program], {
        env: { ...process.env, GATEWAY_URL: gatewayUrl },
      }),
    );
    const lines = said.split('\n').map(parseLine).filter(Boolean);
    const demo = { signIns: lines.flatMap(({ users = [] }) => users) };
    writeJson(note, demo);
    return demo;
  } catch (error) {
    if (state.stopping) throw new Interrupted();
    log(`the demo data could not be loaded; the next start tries again\n${error.message}`);
    return undefined;
  }
}

function parseLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const restartsPerMinute = 5;

/** A process that dies by itself is reported with its last words and started again, unless it keeps dying. */
function guard(children) {
  for (const child of children) {
    const times = [];
    child.onUnexpectedEnd(async ({ name, how, lastLines, logFile }) => {
      if (state.stopping) return;
      console.error(`\n✗ ${name} ${how}. Its last lines (${logFile}):\n${lastLines.replace(/^/gm, '    ')}`);
      for (;;) {
        const now = Date.now();
        times.push(now);
        const recent = times.filter((time) => now - time < 60_000).length;
        if (recent > restartsPerMinute)
          return void console.error(
            `✗ ${name} ended ${recent} times within a minute and stays down. After mending it: Ctrl-C and npm start`,
          );
        await pause(Math.min(8_000, 250 * 2 ** (recent - 1)));
        if (state.stopping) return;
        try {
          await child.start();
          return void console.error(`✓ ${name} runs again`);
        } catch (error) {
          printFailure(error);
        }
      }
    });
  }
}

function watchedServices() {
  const flag = process.argv.find((arg) => /^--watch(=|$)/.test(arg));
  if (flag) return flag.includes('=') ? [flag.split('=')[1]] : Object.keys(usualOperatorPorts);
}

function watchSources() {
  let timer;
  let building = Promise.resolve();
  const rebuild = () => {
    building = building.then(async () => {
      if (state.stopping) return;
      try {
        await step(log, 'compiling', () => runStep('build', process.execPath, ['tools/build/build.mjs']));
        await step(log, `restarting ${watched.join(', ')}`, () =>
          Promise.all(watched.map((name) => state.services[name].restart())),
        );
      } catch (error) {
        if (!state.stopping) printFailure(error);
      }
    });
  };
  const folders = ['libs', ...watched.map((name) => `apps/${name}`)];
  for (const folder of folders) {
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.ts') || /\.(spec|d)\.ts$|generated/.test(file)) return;
      clearTimeout(timer);
      timer = setTimeout(rebuild, 200);
    });
  }
  log(`watching ${folders.join(', ')}: a change compiles and restarts`);
}

async function stop(code) {
  stopSteps();
  await state.web?.close();
  if (state.services) await Promise.all(Object.values(state.services).map((service) => service.stop()));
  if (state.stack) await state.stack.stop();
  else await stopEverything();
  state.release?.();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (state.stopping) {
      console.log('\n  ending everything at once');
      killEverything();
      process.exit(130);
    }
    console.log('\n  stopping (once more to end at once)');
    state.stopping = stop(0);
  });
}

start().catch(async (error) => {
  if (!(error instanceof Interrupted) && !state.stopping) {
    printFailure(error);
    state.stopping = stop(1);
  }
  await state.stopping;
});
