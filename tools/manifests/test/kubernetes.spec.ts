import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clientPortViolations, ingressViolations, operatorViolations } from '../src/exposure.js';
import { type Manifest, parseYaml, readText, root } from '../src/files.js';
import { allSchemaViolations, readBase } from '../src/kubernetes.js';
import { kustomizationViolations, kustomizations, literalsOf } from '../src/kustomize.js';
import { services } from '../src/processes.js';
import { containerViolations, referenceViolations, serviceViolations } from '../src/workloads.js';

const { version } = JSON.parse(readText('package.json')) as { version: string };
const base = readBase().map(({ object }) => object);
const literals = (name: string) => literalsOf(`k8s/base/${name}/kustomization.yaml`, `${name}-config`);
const secrets = readSecrets();

/** A copy of the base in which one object was changed. */
function changed(kind: string, name: string, change: (object: Manifest) => void): Manifest[] {
  const copy = structuredClone(base);
  const object = copy.find((candidate) => candidate.kind === kind && candidate.metadata.name === name);
  if (!object) throw new Error(`there is no ${kind} ${name}`);
  change(object);
  return copy;
}

const allViolations = async (objects: Manifest[]) => [
  ...(await allSchemaViolations(objects)),
  ...services.flatMap((name) => serviceViolations(objects, name, literals(name))),
  ...services.flatMap((name) => operatorViolations(objects, name)),
  ...clientPortViolations(objects),
  ...objects.flatMap((object) => containerViolations(object, version)),
  ...referenceViolations(objects, secrets),
];

const firstContainer = (object: Manifest) => object.spec.template.spec.containers[0];

describe('k8s/base', () => {
  it('is valid, complete and closed', async () => {
    expect(await allViolations(base)).toEqual([]);
  });

  it.each<[string, string, string, (object: Manifest) => void, RegExp]>([
    [
      'a misspelt field',
      'Deployment',
      'post',
      (object) => (firstContainer(object).livenessprobe = {}),
      /unknown field .*livenessprobe/,
    ],
    [
      'a misspelt field deep inside',
      'Deployment',
      'post',
      (o) => (firstContainer(o).livenessProbe.httpGet.paht = '/'),
      /unknown field .*paht/,
    ],
    ['a wrong type', 'Service', 'user', (object) => (object.spec.ports[0].port = '9090'), /must be/],
    [
      'a kind of another group',
      'HorizontalPodAutoscaler',
      'post',
      (object) => (object.apiVersion = 'apps/v1'),
      /there is no/,
    ],
    ['no readiness', 'Deployment', 'gateway', (object) => delete firstContainer(object).readinessProbe, /readiness/],
    [
      'liveness that asks the stores',
      'Deployment',
      'media',
      (o) => (firstContainer(o).livenessProbe.httpGet.path = '/health/ready'),
      /liveness/,
    ],
    ['no limits', 'Deployment', 'user', (object) => delete firstContainer(object).resources.limits, /has no limit/],
    [
      'a store without a probe',
      'StatefulSet',
      'redis',
      (object) => delete firstContainer(object).livenessProbe,
      /lacks a probe/,
    ],
    [
      'passwords that are cheap to guess',
      'Deployment',
      'supertokens',
      (o) => (firstContainer(o).env = firstContainer(o).env.slice(0, 1)),
      /argon2id/,
    ],
    [
      'an auth core that does not always ask for its key',
      'Deployment',
      'supertokens',
      (o) => (firstContainer(o).image = firstContainer(o).image.replace(/:[\d.]+$/, ':11.4.5')),
      /older than 11.4.6/,
    ],
    [
      'an auth core that is open to the cluster',
      'NetworkPolicy',
      'supertokens',
      (o) => o.spec.ingress[0].from.push({ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'post' } } }),
      /supertokens takes requests from others/,
    ],
    [
      'a nightly job that may write to its image',
      'CronJob',
      'post-counters',
      (o) => (o.spec.jobTemplate.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false),
      /CronJob post-counters: may write/,
    ],
    [
      'a nightly job of a Secret that nobody makes',
      'CronJob',
      'user-counters',
      (o) => (o.spec.jobTemplate.spec.template.spec.containers[0].env[1].valueFrom.secretKeyRef.name = 'counters'),
      /nothing makes DATABASE_URL of the Secret counters/,
    ],
    [
      'a nightly job that no policy lets out',
      'CronJob',
      'post-counters',
      (o) => (o.spec.jobTemplate.spec.template.metadata.labels = {}),
      /audit has no network policy/,
    ],
    [
      'a writable image',
      'Deployment',
      'post',
      (o) => (firstContainer(o).securityContext.readOnlyRootFilesystem = false),
      /may write/,
    ],
    [
      'root',
      'StatefulSet',
      'postgres',
      (object) => (object.spec.template.spec.securityContext.runAsUser = 0),
      /as root/,
    ],
    [
      'a floating image',
      'StatefulSet',
      'nats',
      (object) => (firstContainer(object).image = 'nats:alpine'),
      /not pinned/,
    ],
    [
      'an image of another version',
      'Job',
      'post-migrate',
      (object) => (firstContainer(object).image = 'fowergram/post:9.9.9'),
      /not of version/,
    ],
    [
      'a roll-out that loses replicas',
      'Deployment',
      'post',
      (o) => (o.spec.strategy.rollingUpdate.maxUnavailable = 1),
      /may lose/,
    ],
    ['no time to drain', 'Deployment', 'gateway', (object) => delete firstContainer(object).lifecycle, /time to drain/],
    ['a variable left out', 'Deployment', 'media', (object) => firstContainer(object).env.pop(), /media is not given/],
    [
      'a Secret that nothing makes',
      'Deployment',
      'post',
      (o) => (firstContainer(o).env.at(-1).valueFrom.secretKeyRef.key = 'REDIS'),
      /nothing makes REDIS/,
    ],
    [
      'a Service that finds no pod',
      'Service',
      'nats',
      (object) => (object.spec.selector = { app: 'nats' }),
      /selects no pod/,
    ],
    [
      'a budget for other pods',
      'PodDisruptionBudget',
      'user',
      (o) => (o.spec.selector.matchLabels = { app: 'post' }),
      /disruption budget/,
    ],
    [
      'an autoscaler for another',
      'HorizontalPodAutoscaler',
      'user',
      (o) => (o.spec.scaleTargetRef.name = 'post'),
      /autoscaler/,
    ],
    [
      'a pod without a network policy',
      'NetworkPolicy',
      'redis',
      (o) => (o.spec.podSelector = {}),
      /redis has no network policy/,
    ],
    [
      'a probe of the port of clients',
      'Deployment',
      'gateway',
      (o) => (firstContainer(o).livenessProbe.httpGet.port = 'http'),
      /gateway livenessProbe does not ask the port operator/,
    ],
    [
      'a port for clients on a service that has none',
      'Deployment',
      'post',
      (o) => firstContainer(o).ports.push({ name: 'http', containerPort: 8002 }),
      /post does not listen on/,
    ],
    [
      "an operators' port without its name",
      'Service',
      'media',
      (o) => (o.spec.ports[0].name = 'http'),
      /media its Service is not at/,
    ],
    [
      'metrics at the port of clients',
      'Deployment',
      'gateway',
      (o) => (o.spec.template.metadata.annotations['prometheus.io/port'] = '8000'),
      /gateway is scraped at another address/,
    ],
    [
      "an operators' port that is open to the cluster",
      'NetworkPolicy',
      'user',
      (o) => delete o.spec.ingress[0].from,
      /user lets others than Prometheus reach 9090/,
    ],
    [
      'clients beside the ingress',
      'NetworkPolicy',
      'gateway',
      (o) => delete o.spec.ingress[0].from,
      /gateway takes clients from others/,
    ],
    [
      'an object store that is open to the cluster',
      'NetworkPolicy',
      'minio',
      (o) => delete o.spec.ingress[0].from,
      /minio takes requests from others/,
    ],
    ['a policy without ports', 'NetworkPolicy', 'post', (o) => delete o.spec.ingress[0].ports, /post opens every port/],
  ])('is checked: %s is noticed', async (_, kind, name, change, violation) => {
    expect((await allViolations(changed(kind, name, change))).join('\n')).toMatch(violation);
  });

  it('names every Secret that must come from outside in the README of production', () => {
    const readme = readText('k8s/overlays/production/README.md');
    expect(Object.keys(secrets).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('audits the counters of each service that has some, every night and never twice at once', () => {
    const audits = base.filter(({ kind }) => kind === 'CronJob');
    const withCounters = services.filter((name) =>
      existsSync(join(root, `apps/${name}/src/counters/counters.registry.ts`)),
    );
    expect(audits.map(({ metadata }) => metadata.name).sort()).toEqual(
      withCounters.map((name) => `${name}-counters`).sort(),
    );
    for (const { spec } of audits) {
      expect(spec).toMatchObject({
        concurrencyPolicy: 'Forbid',
        schedule: expect.stringMatching(/^\d+ \d+ \* \* \*$/),
      });
      expect(spec.jobTemplate.spec.template.spec.containers[0].command).toEqual([
        'node',
        'tools/docker/audit-counters.mjs',
      ]);
    }
  });

  it('is checked: a service without its disruption budget is noticed', () => {
    const rest = base.filter((object) => !(object.kind === 'PodDisruptionBudget' && object.metadata.name === 'post'));
    expect(serviceViolations(rest, 'post', literals('post'))).toEqual(['post has no PodDisruptionBudget']);
  });
});

describe('k8s/components/grpc', () => {
  const read = (name: string): Manifest => parseYaml(readText(`k8s/components/grpc/${name}.yaml`));
  const opens = (policy: Manifest) =>
    (policy.spec.ingress ?? []).some(({ ports }: Manifest) =>
      (ports ?? []).some(({ port }: Manifest) => port === 50_051),
    );

  it('has valid objects, and is all that opens the port of gRPC', async () => {
    const policy = read('networkpolicy');
    expect(await allSchemaViolations([read('service'), policy])).toEqual([]);
    expect(opens(policy)).toBe(true);
    expect(policy.spec.ingress.every(({ from }: Manifest) => from?.length > 0)).toBe(true);
    const policies = base.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.filter(opens).map(({ metadata }) => metadata.name)).toEqual([]);
  });

  it('gives the gateway variables that it reads, and TLS with them', () => {
    const [container] = read('deployment').spec.template.spec.containers;
    const names = container.env.map(({ name }: Manifest) => name);
    expect(names).toEqual(expect.arrayContaining(['GRPC_PORT', 'GRPC_TLS_CERTIFICATE_FILE', 'GRPC_TLS_KEY_FILE']));
    expect(names.filter((name: string) => !readText('.env.example').includes(`# ${name}=`))).toEqual([]);
  });
});

describe('the ingress of production', () => {
  const text = readText('k8s/overlays/production/ingress.yaml');

  it('names what clients may ask for, and sends nothing to an operators’ port', async () => {
    expect(await allSchemaViolations([parseYaml(text)])).toEqual([]);
    expect(ingressViolations(parseYaml(text))).toEqual([]);
  });

  it('lets clients at the one bucket of the object store', () => {
    expect(readText('k8s/base/media/kustomization.yaml')).toContain('MINIO_BUCKET=fowergram-media\n');
  });

  it.each<[string, string, string, RegExp]>([
    ['everything behind the gateway', 'path: /graphql', 'path: /', /sends \/ to gateway:http/],
    ['metrics', 'path: /graphql', 'path: /metrics', /sends \/metrics to gateway:http/],
    ['a path to the operators’ port', 'port: { name: http }', 'port: { name: operator }', /to gateway:operator/],
    ['the number of that port', 'port: { name: http }', 'port: { number: 9090 }', /to gateway:9090/],
    ['another service', 'name: gateway,', 'name: user,', /to user:http/],
    ['the whole object store', 'path: /fowergram-media', 'path: /', /sends \/ to minio:s3/],
    ['a way in that is missing', 'path: /auth', 'path: /graphql', /does not send \/auth/],
    [
      'a default',
      '  rules:',
      '  defaultBackend: { service: { name: gateway, port: { name: http } } }\n  rules:',
      /default/,
    ],
  ])('is checked: %s is noticed', (_, from, to, violation) => {
    expect(text).toContain(from);
    expect(ingressViolations(parseYaml(text.replace(from, to))).join('\n')).toMatch(violation);
  });
});

describe('kustomizations', () => {
  it.each(kustomizations())('name what is there and omit nothing: %s', (file) => {
    expect(kustomizationViolations(file)).toEqual([]);
  });

  it('are checked: a resource that is not there and a file that is not named are noticed', () => {
    const file = 'k8s/base/post/kustomization.yaml';
    const content = parseYaml(readText(file).replace('- hpa.yaml', '- autoscaler.yaml'));
    expect(kustomizationViolations(file, content)).toEqual([
      `${file} names autoscaler.yaml, which is not there`,
      `${file} omits hpa.yaml`,
    ]);
  });
});

function readSecrets(): Record<string, Record<string, string>> {
  const { stdout } = spawnSync(process.execPath, [join(root, 'tools/manifests/make-secrets.mjs')], {
    encoding: 'utf8',
  });
  const { items } = JSON.parse(stdout) as { items: Manifest[] };
  return Object.fromEntries(items.map((item) => [item.metadata.name, item.stringData]));
}
