import { createDatabase, eventually, freePort, startProgram } from '@fowergram/testing';

const API_KEY = 'a-key-of-this-test-file-only';

export interface CoreOfATest {
  /** What a gateway needs to use it. */
  variables: { SUPERTOKENS_CONNECTION_URI: string; SUPERTOKENS_API_KEY: string };
  /** Ends the process; its data stays. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an auth core of its own for a test file that needs one with other settings. */
export async function startCore(settings: Record<string, number>): Promise<CoreOfATest> {
  const database = await createDatabase('user');
  const port = await freePort();
  const variables = { PORT: port, DATABASE_URL: database.url, API_KEYS: API_KEY, ...settings };
  const core = startProgram('env', [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    process.execPath,
    'dist/tools/auth-core/src/main.js',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/apiversion`, { headers: { 'api-key': API_KEY } })).ok);
  return {
    variables: { SUPERTOKENS_CONNECTION_URI: url, SUPERTOKENS_API_KEY: API_KEY },
    kill: () => core.stop(),
    stop: async () => {
      await core.stop();
      await database.drop();
    },
  };
}
