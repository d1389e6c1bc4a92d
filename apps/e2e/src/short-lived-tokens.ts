import { createDatabase, eventually, freePort, startProgram } from '@fowergram/testing';

const API_KEY = 'a-key-of-this-test-file-only';

/** An auth core of this test's own, whose access tokens live for seconds; the answer's `variables` are for the gateway. */
export async function startCoreWithShortTokens(
  validSeconds: number,
): Promise<{ variables: Record<string, string>; stop: () => Promise<void> }> {
  const [database, port] = await Promise.all([createDatabase('user'), freePort()]);
  const variables = {
    PORT: port,
    DATABASE_URL: database.url,
    API_KEYS: API_KEY,
    ACCESS_TOKEN_VALIDITY_SECONDS: validSeconds,
  };
  const core = startProgram('env', [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    process.execPath,
    'dist/tools/auth-core/src/main.js',
  ]);
  const address = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${address}/apiversion`, { headers: { 'api-key': API_KEY } })).ok);
  return {
    variables: { SUPERTOKENS_CONNECTION_URI: address, SUPERTOKENS_API_KEY: API_KEY },
    stop: async () => {
      await core.stop();
      await database.drop();
    },
  };
}
