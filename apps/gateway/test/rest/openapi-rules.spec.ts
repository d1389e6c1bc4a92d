import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DOCUMENT = 'apps/gateway/openapi.json';

/** What a program of a package says; it may not report to anybody that it was used. */
async function said(program: string, args: string[]): Promise<string> {
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    SCARF_ANALYTICS: 'false',
  };
  const { stdout, stderr } = await run(process.execPath, [`node_modules/${program}`, ...args], { env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return `${stdout}${stderr}`;
}

const rulesIn = (name: string, text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'rules-')), name);
  writeFileSync(file, text);
  return file;
};

const spectral = (document: string) =>
  said('@stoplight/spectral-cli/dist/index.js', [
    'lint',
    `--ruleset=${rulesIn('spectral.yaml', 'extends: ["spectral:oas"]\n')}`,
    '--format=json',
    '--quiet',
    document,
  ]);

const redocly = async (document: string): Promise<unknown[]> => {
  const config = rulesIn('redocly.yaml', 'extends: [recommended]\n');
  const text = await said('@redocly/cli/bin/cli.js', ['lint', `--config=${config}`, '--format=json', document]);
  const { problems } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as { problems: unknown[] };
  return problems;
};

describe('The OpenAPI document', () => {
  it('keeps the rules of spectral, without a warning', async () => {
    expect(JSON.parse(await spectral(DOCUMENT))).toEqual([]);
  });

  it('keeps the rules that redocly recommends, without a warning', async () => {
    expect(await redocly(DOCUMENT)).toEqual([]);
  });

  it('would be refused by both if it broke a rule', async () => {
    const broken = rulesIn('openapi.json', JSON.stringify({ openapi: '3.1.1', info: { title: 'x' }, paths: {} }));
    expect(JSON.parse(await spectral(broken))).not.toEqual([]);
    expect(await redocly(broken)).not.toEqual([]);
  });
});
