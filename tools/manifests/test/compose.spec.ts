import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { composeViolations } from '../src/compose.js';
import { parseEnvExample } from '../src/env-example.js';
import { parseYaml, readText, root } from '../src/files.js';
import { services } from '../src/processes.js';

const text = readText('docker-compose.yml');
const env = readText('.env.example');
const { version } = JSON.parse(readText('package.json')) as { version: string };

const violations = (compose = text, example = env, apps = services) =>
  composeViolations({ compose: parseYaml(compose), text: compose, example: parseEnvExample(example), apps, version });

describe('docker-compose.yml and .env.example', () => {
  it('agree with each other and with the five processes', () => {
    expect(violations()).toEqual([]);
  });

  it('start every application of apps/', () => {
    // The web app is pages without a server of its own (docs/web.md).
    const apps = readdirSync(join(root, 'apps')).filter((name) => !['e2e', 'web'].includes(name));
    expect(violations(text, env, apps)).toEqual([]);
  });

  it('carry the version of the package', () => {
    expect(parseEnvExample(env).values['APP_VERSION']).toBe(version);
  });

  it.each<[string, string, string, RegExp]>([
    ['a floating tag', 'nats:2.12.3-alpine', 'nats:2-alpine', /not pinned/],
    ['the tag latest', 'postgres:17.7-bookworm', 'postgres:latest', /not pinned/],
    ['no tag', 'prom/prometheus:v3.11.0', 'prom/prometheus', /no tag/],
    [
      'a missing variable',
      '${LOG_LEVEL:?see .env.example}',
      '${LOGLEVEL:?see .env.example}',
      /\$\{LOGLEVEL\} is not in .env.example/,
    ],
    [
      'a variable nobody uses',
      '${GRAFANA_ADMIN_PASSWORD:?see .env.example}',
      'admin',
      /GRAFANA_ADMIN_PASSWORD of .env.example is not used/,
    ],
    [
      'a secret with a default',
      '${SUPERTOKENS_API_KEY:?see .env.example}',
      '${SUPERTOKENS_API_KEY:-secret}',
      /SUPERTOKENS_API_KEY\} starts without/,
    ],
    ['a service renamed', '\n  media:\n', '\n  medias:\n', /apps\/media is not a service/],
    [
      'a variable a process needs',
      '      REDIS_URL: redis://gateway:${REDIS_GATEWAY_PASSWORD:?see .env.example}@redis:6379\n',
      '',
      /gateway is not given REDIS_URL/,
    ],
    ['a wrong port', "PORT: '8000'", "PORT: '8001'", /gateway does not listen on 8000/],
    [
      'another port for operators',
      "OPERATOR_PORT: '9090'",
      "OPERATOR_PORT: '9091'",
      /media does not answer operators on 9090/,
    ],
    [
      "the operators' port published",
      "'127.0.0.1:${PORT:?see .env.example}:8000'",
      "'127.0.0.1:9090:9090'",
      /gateway publishes/,
    ],
    ['a store published to the network', "'127.0.0.1:9000:9000'", "'9000:9000'", /minio publishes/],
    ['a port that is none of the five', "'127.0.0.1:16686:16686'", "'127.0.0.1:14268:14268'", /jaeger publishes/],
    ['a mount of nothing', './monitoring/alerts:', './monitoring/alarms:', /mounts .*alarms/],
    ['a dependency on nothing', '      user-migrate:\n', '      users-migrate:\n', /waits for users-migrate/],
    ['passwords that are cheap to guess', 'PASSWORD_HASHING_ALG: ARGON2', 'PASSWORD_HASHING_ALG: BCRYPT', /argon2id/],
    [
      'an auth core that is too old',
      'supertokens-postgresql:11.4.7',
      'supertokens-postgresql:11.4.4',
      /older than 11.4.6/,
    ],
    ['an older auth core still', 'supertokens-postgresql:11.4.7', 'supertokens-postgresql:9.12.9', /older than 11.4.6/],
    [
      'an auth core on the network of all',
      'networks: [auth, auth-database]',
      'networks: [default]',
      /user reaches the auth core/,
    ],
    ['waiting for a start only', 'condition: service_healthy', 'condition: service_started', /does not wait until/],
  ])('are checked: %s is noticed', (_, from, to, violation) => {
    expect(text).toContain(from);
    expect(violations(text.replace(from, to)).join('\n')).toMatch(violation);
  });

  it.each<[string, string, string, RegExp]>([
    ['a variable left out', '\nMINIO_BUCKET=fowergram-media\n', '\n', /MINIO_BUCKET\} is not in/],
    ['a variable without a word', 'LOG_LEVEL=info', '\nLOG_LEVEL=info', /LOG_LEVEL has no comment/],
    [
      'a name that is passed on unexplained',
      '# DATABASE_URL=',
      '# DATABASE-URL ',
      /DATABASE_URL, which .env.example does not explain/,
    ],
  ])('are checked: %s is noticed in .env.example', (_, from, to, violation) => {
    expect(env).toContain(from);
    expect(violations(text, env.replace(from, to)).join('\n')).toMatch(violation);
  });

  it('are checked: an application that compose does not start is noticed', () => {
    expect(violations(text, env, [...services, 'search'])).toEqual([
      'apps/search is not a service of docker-compose.yml',
    ]);
  });
});

describe('the tools beside docker-compose.yml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fowergram-manifests-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lint = (compose: string) => {
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, compose);
    const { rules } = JSON.parse(readText('tools/manifests/dclint.json')) as { rules: Record<string, 0 | 1 | 2> };
    const results: { messages: { rule: string }[] }[] = new DCLinter({
      rules,
      quiet: false,
      debug: false,
      exclude: [],
    }).lintFiles([file], false);
    return results.flatMap(({ messages }) => messages.map(({ rule }) => rule));
  };

  it('have nothing to say about it: dclint finds no fault', () => {
    expect(lint(text)).toEqual([]);
    expect(lint(text.replace("'127.0.0.1:9000:9000'", "'9000:9000'"))).toEqual(['no-unbound-port-interfaces']);
  });

  it('make the secrets: make-env fills every one, once', () => {
    const file = join(folder, '.env');
    const run = () =>
      spawnSync(process.execPath, [join(root, 'tools/manifests/make-env.mjs'), file], { encoding: 'utf8' });
    expect(run().status).toBe(0);
    const filled = parseEnvExample(readFileSync(file, 'utf8'));
    const example = parseEnvExample(env);
    expect(filled.secrets).toEqual([]);
    expect(new Set(example.secrets.map((name) => filled.values[name])).size).toBe(example.secrets.length);
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining('left as it is') as string });
  });
});
