import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { eventually, freePort } from '@fowergram/testing';
import { coreClientTo, type CoreClient } from './core-client.js';

const program = new URL('../../../dist/tools/auth-core/src/main.js', import.meta.url).pathname;

export interface Program {
  port: number;
  coreClient: CoreClient;
  exited: Promise<number | string>;
  isRunning: () => boolean;
  end: (signal: NodeJS.Signals) => Promise<number | string>;
}

/** What the stand-in says, and how it ends, where it should not even begin. */
export async function refuseToStart(
  variables: Record<string, string>,
): Promise<{ code: number | null; words: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: 'postgres://127.0.0.1:1/none', PORT: '0', ...variables };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'pipe'], timeout: 20_000 });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, words };
}

/** The stand-in as it is really started: a process of its own, which never outlives the tests. */
export async function startCore(databaseUrl: string, variables: Record<string, string> = {}): Promise<Program> {
  if (!existsSync(program)) throw new Error(`${program} has not been built.`);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    API_KEYS: 'key-for-the-tests-of-auth-core',
    ...variables,
  };
  const child = spawn(process.execPath, [program], { env, stdio: 'ignore' });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const exited = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  );
  const coreClient = coreClientTo(`http://127.0.0.1:${port}`);
  await eventually(async () => (await coreClient.send({ method: 'GET', url: '/hello' })).statusCode === 200, 60_000);
  return {
    port,
    coreClient,
    exited,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    end: (signal) => {
      process.off('exit', endWithUs);
      child.kill(signal);
      return exited;
    },
  };
}

export interface Cable {
  databaseUrl: string;
  /** Ends all connections and refuses new ones, as a server does that is restarted. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A wire to the database that a test may cut. */
export async function cableTo(databaseUrl: string): Promise<Cable> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const port = await freePort();
  let server: Server;
  const open = (near: Socket) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => other.destroy() && sockets.delete(one))
        .pipe(other);
    }
  };
  const mend = () =>
    new Promise<void>((resolve, reject) => {
      server = createServer(open).once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  await mend();
  const near = new URL(databaseUrl);
  near.host = `127.0.0.1:${port}`;
  return {
    databaseUrl: near.href,
    mend,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
