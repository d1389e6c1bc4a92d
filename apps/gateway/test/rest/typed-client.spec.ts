import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '@fowergram/database';
import { openWorld, type World } from '../support/world.js';

const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args);

/** An app that knows the interface by its types alone. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './openapi.js';

const [baseUrl = '', token = '', id = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${token}\` } });
const me = await client.GET('/me');
const nobody = await client.GET('/users/{id}', { params: { path: { id } } });
const username: string | undefined = me.data?.username;
const code: 'NOT_FOUND' | undefined = nobody.error?.code === 'NOT_FOUND' ? nobody.error.code : undefined;
console.log(JSON.stringify({ username, code }));
`;

describe('A client with the types of openapi.json', () => {
  let world: World;
  let folder: string;
  const compile = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    const options = ['--ignoreConfig', '--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck'];
    return node('node_modules/typescript/bin/tsc', ...options, '--types', 'node', join(folder, name));
  };

  beforeAll(async () => {
    // Beneath the packages, which the program imports.
    mkdirSync('.data', { recursive: true });
    folder = mkdtempSync('.data/typed-client-');
    const types = join(folder, 'openapi.d.ts');
    await node('node_modules/openapi-typescript/bin/cli.js', 'apps/gateway/openapi.json', '-o', types);
    world = await openWorld({ EMAIL_VERIFICATION: 'off' });
  });
  afterAll(async () => {
    await world?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('compiles, and reads answers and problems of the gateway', async () => {
    const ann = await world.signUp();
    await compile('program.mts', PROGRAM);
    const { stdout } = await node(join(folder, 'program.mjs'), `${world.url}/api/v1`, ann.token, `user_${newId()}`);
    expect(JSON.parse(stdout)).toEqual({ username: ann.username, code: 'NOT_FOUND' });
  });

  it('does not compile with a field that is not there', async () => {
    const wrong = PROGRAM.replace('me.data?.username', 'me.data?.userName');
    await expect(compile('wrong.mts', wrong)).rejects.toMatchObject({ stdout: expect.stringContaining('userName') });
  });
});
