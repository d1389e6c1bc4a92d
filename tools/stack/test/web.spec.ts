import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveWeb, type Web } from '../web.mjs';
import { temporaryFolder } from './folder.js';

const PAGE = '<meta name="fowergram-api" content="http://localhost:8000" /><meta name="fowergram-demo" content="[]" />';

describe('The server of the web app', () => {
  const folder = temporaryFolder();
  let web: Web;

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'assets/app.js'), 'start();');
    writeFileSync(join(folder, '.made-of'), 'secret');
    const demo = [{ username: 'ann', email: '"><script>', password: 'a&b' }];
    web = await serveWeb({ apiUrl: 'http://localhost:8123', pictureUrl: 'http://127.0.0.1:9000/bucket', demo, folder });
  });
  afterAll(() => web?.close());

  const get = async (path: string) => {
    const answer = await fetch(web.url + path);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  it.each(['/', '/u/ann', '/index.html', '/.made-of', '/..%2f..%2fpackage.json'])(
    'answers %s with its one page, which knows the API and speaks with nobody else',
    async (path) => {
      const { status, headers, text } = await get(path);
      expect(status).toBe(200);
      expect(text).toContain('content="http://localhost:8123"');
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(headers.get('content-security-policy')).toContain(
        "connect-src 'self' http://localhost:8123 ws://localhost:8123 http://127.0.0.1:9000;",
      );
    },
  );

  it('writes values into the page that cannot become elements of it', async () => {
    const { text } = await get('/');
    expect(text).toContain(
      '&quot;email&quot;:&quot;\\&quot;>&lt;script>&quot;,&quot;password&quot;:&quot;a&amp;b&quot;',
    );
  });

  it('has browsers keep its scripts for ever, and answers 404 for those that there are not', async () => {
    const script = await get('/assets/app.js');
    expect([script.text, script.headers.get('cache-control')]).toEqual([
      'start();',
      'public, max-age=31536000, immutable',
    ]);
    expect((await get('/assets/older.js')).status).toBe(404);
  });

  it.each([
    ['--api', 'localhost:8000'],
    ['--pictures', 'ftp://localhost'],
    ['--port', '70000'],
  ])('does not start for a gateway elsewhere with a wrong %s, and says so', async (name, value) => {
    const { status, stderr } = spawnSync(process.execPath, ['tools/stack/serve-web.mjs', name, value]);
    expect([status, String(stderr)]).toEqual([1, expect.stringContaining(`${name} is "${value}"`)]);
  });
});
