// `npm run check:api`: asks a gateway of its own, with everything behind it, what its OpenAPI document allows and what it forbids.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFailure, StackError } from '../stack/errors.mjs';
import { root } from '../stack/files.mjs';
import { prepare } from '../stack/install.mjs';
import { installSchemathesis } from './install.mjs';

const TIMEOUT_MS = 10 * 60_000;
const log = (line) => console.log(`  ${line}`);

/** A stack that ends with this run, with the demo data; the limits are for users, and are tested elsewhere. */
async function startGateway(dataDir) {
  const { startStack } = await import('../stack/stack.mjs');
  const { migrate } = await import('../stack/migrate.mjs');
  const { startServices } = await import('../stack/services.mjs');
  const stack = await startStack({ dataDir, durable: false, log, what: 'schemathesis' });
  try {
    const databases = await migrate({ adminUrl: stack.postgres.url, passwords: stack.passwords });
    const env = { ENVIRONMENT: 'test', LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '100000', EMAIL_VERIFICATION: 'off' };
    const services = await startServices({ stack, databases, env });
    return { stack, services, url: services.gateway.url };
  } catch (error) {
    await stack.destroy();
    throw error;
  }
}

/** Makes the demo data, and signs in as its first user. */
async function signIn(url) {
  const program = join(root, 'dist/apps/e2e/src/seed/demo.js');
  const env = { ...process.env, GATEWAY_URL: url };
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env,
    timeout: TIMEOUT_MS,
  });
  if (status !== 0) throw new StackError(`The demo data could not be made:\n${stderr}`);
  const [{ email, password }] = JSON.parse(stdout.trim().split('\n').at(-1)).users;
  const formFields = Object.entries({ email, password }).map(([id, value]) => ({ id, value }));
  const answer = await fetch(`${url}/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'st-auth-mode': 'header' },
    body: JSON.stringify({ formFields }),
  });
  const token = answer.headers.get('st-access-token');
  if (!token) throw new StackError(`The sign-in answered ${answer.status}: ${await answer.text()}`);
  return token;
}

/** The ids of what is there, by what they begin with. */
async function knownIds(url, token) {
  const ask = async (path) => {
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new StackError(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const me = await ask('/me');
  const posts = [...(await ask('/feed')).items, ...(await ask(`/users/${me.id}/posts`)).items];
  const comments = await Promise.all(posts.map(async ({ id }) => (await ask(`/posts/${id}/comments`)).items));
  return {
    me: me.id,
    post: posts.map(({ id }) => id),
    user: [...new Set(posts.map(({ author }) => author.id))].filter((id) => id !== me.id),
    media: posts.flatMap(({ media }) => media.map(({ id }) => id)),
    comment: comments.flat().map(({ id }) => id),
  };
}

/** What is written in schemathesis.toml, for this gateway; more arguments of the command line are handed on. */
function ask(program, { url, token, known, dataDir }) {
  const args = ['--config-file', join(import.meta.dirname, 'schemathesis.toml'), 'run'];
  const target = [join(root, 'apps/gateway/openapi.json'), '--url', `${url}/api/v1`];
  const header = ['--header', `Authorization: Bearer ${token}`];
  const env = {
    ...process.env,
    SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py'),
    SCHEMATHESIS_KNOWN: JSON.stringify(known),
  };
  const options = { cwd: dataDir, stdio: 'inherit', timeout: TIMEOUT_MS, env };
  return spawnSync(program, [...args, ...target, ...header, ...process.argv.slice(2)], options).status ?? 1;
}

async function main() {
  await prepare(log);
  const program = installSchemathesis(log);
  const dataDir = mkdtempSync(join(tmpdir(), 'schemathesis-'));
  let gateway;
  try {
    gateway = await startGateway(dataDir);
    const { url } = gateway;
    const token = await signIn(url);
    process.exitCode = ask(program, { url, token, known: await knownIds(url, token), dataDir });
  } finally {
    if (gateway) await Promise.all(Object.values(gateway.services).map((service) => service.stop()));
    await gateway?.stack.destroy();
    if (existsSync(dataDir)) rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  printFailure(error);
  process.exitCode = 1;
});
