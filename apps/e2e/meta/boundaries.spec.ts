import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const boundaries = '@nx/enforce-module-boundaries';
const imports = '@typescript-eslint/no-restricted-imports';
const titles = 'fowergram/test-title';

/** What somebody might write, where, and the rule that must stop it. */
const forbidden: [what: string, file: string, code: string, rule: string][] = [
  [
    'the media service knows the post contracts',
    'apps/media/src/probe.ts',
    `import { postRpc } from '@fowergram/contracts-post';\nexport const probe = postRpc;\n`,
    boundaries,
  ],
  [
    'the user service knows the post contracts',
    'apps/user/src/probe.ts',
    `import { postRpc } from '@fowergram/contracts-post';\nexport const probe = postRpc;\n`,
    boundaries,
  ],
  [
    'a library knows a service contract',
    'libs/database/src/probe.ts',
    `import { userRpc } from '@fowergram/contracts-user';\nexport const probe = userRpc;\n`,
    boundaries,
  ],
  [
    'an app imports an app',
    'apps/gateway/src/probe.ts',
    `import { service } from '../../user/src/service.js';\nexport const probe = service;\n`,
    boundaries,
  ],
  [
    'a contract brings a library along',
    'libs/contracts/post/src/probe.ts',
    `import { Database } from '@fowergram/database';\nexport const probe = Database;\n`,
    boundaries,
  ],
  [
    'a service class opens Redis',
    'apps/post/src/feed/probe.service.ts',
    `import { Redis } from 'ioredis';\nexport const probe = Redis;\n`,
    imports,
  ],
  [
    'a service class calls an entry point',
    'apps/post/src/feed/probe.service.ts',
    `import { FeedController } from './feed.controller.js';\nexport const probe = FeedController;\n`,
    imports,
  ],
  [
    'an entry point opens NATS itself',
    'apps/user/src/probe.controller.ts',
    `import { connect } from '@nats-io/transport-node';\nexport const probe = connect;\n`,
    imports,
  ],
  [
    'a service class listens to NATS itself',
    'apps/gateway/src/users/probe.service.ts',
    `import type { NatsConnection } from '@nats-io/transport-node';\nexport type Probe = NatsConnection;\n`,
    imports,
  ],
  [
    'a library other than messaging knows NATS',
    'libs/outbox/src/probe.ts',
    `import { jetstream } from '@nats-io/jetstream';\nexport const probe = jetstream;\n`,
    imports,
  ],
  [
    'a test stands in no describe',
    'apps/post/test/probe.spec.ts',
    `it('counts each like once', () => undefined);\n`,
    titles,
  ],
  [
    'a title is no end of a sentence',
    'apps/post/test/probe.spec.ts',
    `describe('likes', () => it.each([1])('Counted', () => undefined));\n`,
    titles,
  ],
];
const allowed: [file: string, code: string] = [
  'apps/post/src/probe.ts',
  `import { userRpc } from '@fowergram/contracts-user';\nexport const probe = userRpc;\n`,
];

/** Lints each probe as if it stood in its file, with the project's own rules; returns the broken rules of each. */
async function lint(probes: { filePath: string; code: string }[]): Promise<string[][]> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  // The boundary rule reads the project graph that Nx keeps, and is silent without one.
  await run(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'show', 'projects'], { env });
  const script = `
    import { ESLint } from 'eslint';
    const typed = ['no-floating-promises', 'no-misused-promises'].map((rule) => ['@typescript-eslint/' + rule, 'off']);
    const eslint = new ESLint({ overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } }, rules: Object.fromEntries(typed) }] });
    const results = [];
    for (const { filePath, code } of ${JSON.stringify(probes)}) results.push(...(await eslint.lintText(code, { filePath })));
    console.log(JSON.stringify(results.map((result) => result.messages.map((message) => message.ruleId))));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as string[][];
}

describe('lint', () => {
  let found: string[][];

  beforeAll(async () => {
    found = await lint([
      ...forbidden.map(([, filePath, code]) => ({ filePath, code })),
      { filePath: allowed[0], code: allowed[1] },
    ]);
  }, 60_000);

  it.each(forbidden.map(([what, , , rule], index) => [what, index, rule] as const))(
    'fails when %s',
    (_what, index, rule) => {
      expect(found[index]).toContain(rule);
    },
  );

  it('lets the post service ask for followers', () => {
    expect(found.at(-1)).toEqual([]);
  });
});
