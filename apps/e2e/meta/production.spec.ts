import { spawnSync } from 'node:child_process';
import { config as gateway } from '../../gateway/src/config.js';
import { config as media } from '../../media/src/config.js';
import { config as notification } from '../../notification/src/config.js';
import { config as post } from '../../post/src/config.js';
import { config as user } from '../../user/src/config.js';
import { secrets } from '../../../tools/manifests/make-secrets.mjs';
import { type Manifest, parseYaml, readText } from '../../../tools/manifests/src/files.js';

const configs = { gateway, user, post, media, notification };
type ServiceName = keyof typeof configs;
const services = Object.keys(configs) as ServiceName[];

/** What the ConfigMap of a service holds: that of the base with that of the overlay over it. */
function literals(service: ServiceName): Record<string, string> {
  const files = [`k8s/base/${service}/kustomization.yaml`, 'k8s/overlays/production/kustomization.yaml'];
  const entries = files
    .flatMap((file) => parseYaml(readText(file)).configMapGenerator as Manifest[])
    .filter(({ name }) => name === `${service}-config`)
    .flatMap(({ literals: pairs }) => pairs as string[]);
  return Object.fromEntries(entries.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

const made = secrets() as Record<string, Record<string, string>>;
/** A pod of production as the manifests make it; only the mail server is your own. */
const production = (service: ServiceName): Record<string, string> => ({
  ...literals(service),
  ...made[`${service}-secrets`],
  ...(service === 'notification' && { SMTP_URL: 'smtps://mailer:tr0ub4dor-and-three@mail.example.com' }),
});

function violations(service: ServiceName, variables: Record<string, string | undefined>): string[] {
  try {
    configs[service].read(variables as NodeJS.ProcessEnv);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
}

const checked = services.flatMap((name) => configs[name].checkedInProduction.map((each) => `${name} ${each}`)).sort();

const password = 'tr0ub4dor-and-three';
const faults: [ServiceName, string, string | undefined, RegExp][] = [
  ['gateway', 'API_DOMAIN', 'http://api.example.com', /must begin with https/],
  ['gateway', 'WEBSITE_DOMAIN', 'http://www.example.com', /must begin with https/],
  ['gateway', 'WEBSITE_ORIGINS', 'https://a.example,http://b.example', /must begin with https/],
  ['gateway', 'SUPERTOKENS_API_KEY', undefined, /is missing: whoever reaches the auth core/],
  ['gateway', 'SUPERTOKENS_API_KEY', 'a'.repeat(40), /repeats itself/],
  ['gateway', 'SUPERTOKENS_API_KEY', 'change-me-change-me-now', /a word of examples/],
  ['gateway', 'CURSOR_KEY', '0'.repeat(64), /repeats itself/],
  ['gateway', 'TRUSTED_PROXIES', undefined, /is missing: TLS ends before this process/],
  ['gateway', 'TRUSTED_PROXIES', '10.0.0.0/8,0.0.0.0/0', /believes everybody/],
  ['gateway', 'TRUSTED_PROXIES', '::/0', /believes everybody/],
  ['gateway', 'GRPC_PORT', '50051', /needs GRPC_TLS_CERTIFICATE_FILE/],
  ['gateway', 'NATS_URL', 'nats://nats:4222', /names no password/],
  ['gateway', 'REDIS_URL', 'redis://redis:6379', /names no password/],
  [
    'gateway',
    'SIGN_IN_PROVIDERS',
    '[{"id":"acme","name":"Acme","issuer":"http://id.acme.example","clientId":"c"}]',
    /issuer without https/,
  ],
  ['user', 'DATABASE_URL', 'postgresql://fowergram_user:fowergram_user@db/fowergram_user', /the name of its user/],
  ['user', 'NATS_URL', 'nats://user:short@nats:4222', /fewer than 16/],
  ['user', 'SECOND_FACTOR_KEY', '0'.repeat(64), /repeats itself/],
  ['user', 'SECOND_FACTOR_KEY', '0123456789abcdef'.repeat(4), /repeats itself/],
  ['post', 'DATABASE_URL', 'postgresql://fowergram_post:postgres@db/fowergram_post', /fewer than 16/],
  ['post', 'NATS_URL', 'nats://nats:4222', /names no password/],
  ['post', 'REDIS_URL', 'redis://redis:6379', /names no password/],
  ['media', 'DATABASE_URL', 'postgresql://fowergram_media@db/fowergram_media', /names no password/],
  ['media', 'NATS_URL', 'nats://nats:4222', /names no password/],
  ['media', 'REDIS_URL', 'redis://redis:6379', /names no password/],
  ['media', 'MINIO_PUBLIC_ENDPOINT', undefined, /is missing: clients would be sent/],
  ['media', 'MINIO_PUBLIC_ENDPOINT', 'http://media.example.com', /must begin with https/],
  ['media', 'MINIO_ACCESS_KEY', 'minioadmin', /born with/],
  ['media', 'MINIO_SECRET_KEY', 'minioadmin', /fewer than 16/],
  ['notification', 'DATABASE_URL', 'postgresql://n:n@db/n', /the name of its user/],
  ['notification', 'NATS_URL', 'nats://nats:4222', /names no password/],
  ['notification', 'SMTP_URL', 'smtp://mail.example.com', /does not insist on TLS/],
  [
    'notification',
    'SMTP_URL',
    `smtps://m:${password}@mail.example.com?tls.rejectUnauthorized=false`,
    /any certificate/,
  ],
  ['notification', 'WEBHOOK_KEY', '0'.repeat(64), /repeats itself/],
  ['notification', 'WEBHOOK_TARGETS', 'any', /the network inside/],
];

describe('a service in production', () => {
  it.each(services)('starts as the manifests and their secrets make it: %s', (service) => {
    expect(production(service)).toMatchObject({ ENVIRONMENT: 'production' });
    expect(violations(service, production(service))).toEqual([]);
  });

  it.each(faults)('does not start: %s with %s %s', (service, name, value, sentence) => {
    const found = violations(service, { ...production(service), [name]: value });
    expect(found).toEqual([expect.stringMatching(new RegExp(`^ {2}${name}: .*${sentence.source}`)) as string]);
    if (value) expect(found.join()).not.toContain(value);
    const elsewhere = { ...production(service), [name]: value, ENVIRONMENT: 'development' };
    if (!['SUPERTOKENS_API_KEY', 'SECOND_FACTOR_KEY', 'CURSOR_KEY', 'WEBHOOK_KEY'].includes(name))
      expect(violations(service, elsewhere)).toEqual([]);
  });

  it('takes a mail server that is made to begin TLS', () => {
    const SMTP_URL = `smtp://mailer:${password}@mail.example.com:587/?requireTLS=true`;
    expect(violations('notification', { ...production('notification'), SMTP_URL })).toEqual([]);
  });

  it.each(services)('says all of its faults in one go, without a stack, and ends with a status: %s', (service) => {
    const wrong = faults.filter(([name]) => name === service);
    const env = { ...production(service), ...Object.fromEntries(wrong.map(([, name, value]) => [name, value])) };
    const { status, stderr, stdout } = spawnSync(process.execPath, [`dist/apps/${service}/src/main.js`], {
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    });
    const [first, ...lines] = stderr.trimEnd().split('\n');
    expect([status, stdout, first]).toEqual([
      78,
      '',
      expect.stringMatching(new RegExp(`^${service}: The configuration`)),
    ]);
    expect(lines.map((line) => line.trim().split(':')[0]).sort()).toEqual(
      [...new Set(wrong.map(([, name]) => name))].sort(),
    );
  });
});

describe('docs/security.md', () => {
  it('names every variable that production does not start with, and whose it is', () => {
    const rows = [...readText('docs/security.md').matchAll(/^\| ((?:`[A-Z_]+` ?)+) \| ([a-z ,]+) \|/gm)];
    const documented = rows.flatMap(([, names, owners]) =>
      [...names!.matchAll(/`(\w+)`/g)].flatMap(([, name]) =>
        (owners === 'every service' ? services : owners!.split(', ')).map((owner) => `${owner} ${name}`),
      ),
    );
    expect(documented.sort()).toEqual(checked);
  });
});

describe('the faults above', () => {
  it('are at least one for each variable that production looks at', () => {
    expect([...new Set(faults.map(([service, name]) => `${service} ${name}`))].sort()).toEqual(checked);
  });
});
