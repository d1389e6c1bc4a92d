import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { childProcess } from './child.mjs';
import { StackError } from './errors.mjs';
import { root } from './files.mjs';
import { ensureDatabases, serviceUrl } from './migrate.mjs';

const program = join(root, 'dist/tools/auth-core/src/main.js');

/** Our stand-in for the SuperTokens core, on its own database; undefined while it has not been built. */
export async function authCoreServer({ dataDir, port, adminUrl, passwords, apiKey, log }) {
  if (!existsSync(program))
    return void log('the auth core has not been built (dist/tools/auth-core is absent): going on without it');
  if (!adminUrl)
    throw new StackError('The auth core needs a Postgres.', 'Start the stack with postgres among its stores.');
  await ensureDatabases({ adminUrl, passwords, names: ['auth'] });
  const url = `http://127.0.0.1:${port}`;
  const child = childProcess({
    name: 'auth-core',
    dataDir,
    launch: () => ({
      command: process.execPath,
      args: ['--enable-source-maps', program],
      cwd: root,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'development',
        PORT: String(port),
        HOST: '127.0.0.1',
        API_KEYS: apiKey,
        DATABASE_URL: serviceUrl(adminUrl, 'auth', passwords.auth),
      },
    }),
    ready: () => checkIdentity(url, apiKey),
  });
  await child.start();
  return Object.assign(child, { url, apiKey });
}

// Only a core that holds our key refuses a request without it and answers one that has it.
async function checkIdentity(url, apiKey) {
  const known = await ask(url, apiKey);
  if (!known.ok) throw new Error(`it answered ${known.status} to our API key`);
  if (!apiKey) return;
  const stranger = await ask(url, undefined);
  if (stranger.ok) throw new Error('it answers without an API key: another program is on that port');
}

function ask(url, apiKey) {
  return fetch(`${url.replace(/\/$/, '')}/apiversion`, {
    headers: apiKey ? { 'api-key': apiKey } : {},
    signal: AbortSignal.timeout(3_000),
  });
}

/** A core that the environment names: asked whether it speaks the interface, used, and never started or stopped by us. */
export async function checkForeignAuthCore(env) {
  try {
    // The SDK takes several hosts, and a path that names an app.
    for (const host of env.SUPERTOKENS_CONNECTION_URI.split(';')) {
      const answer = await ask(host.trim(), env.SUPERTOKENS_API_KEY);
      if (answer.status === 401) throw wrongApiKey(env.SUPERTOKENS_API_KEY);
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
      const { versions } = await answer.json();
      if (!Array.isArray(versions)) throw new Error('it does not answer like a SuperTokens core');
      if (!versions.includes('5.4'))
        throw new Error(`it does not speak version 5.4 of the driver interface, only ${versions.join(', ')}`);
    }
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(
      `The auth core of SUPERTOKENS_CONNECTION_URI cannot be used: ${error.message}.`,
      'Mend SUPERTOKENS_CONNECTION_URI and SUPERTOKENS_API_KEY, or unset them to get a private one.',
    );
  }
  return { apiKey: env.SUPERTOKENS_API_KEY };
}

const wrongApiKey = (given) =>
  new StackError(
    given
      ? 'SUPERTOKENS_API_KEY is none of the API keys of the auth core of SUPERTOKENS_CONNECTION_URI.'
      : 'SUPERTOKENS_API_KEY is missing, and the auth core of SUPERTOKENS_CONNECTION_URI asks for one.',
    'Set it to one of the API_KEYS of that core.',
  );
