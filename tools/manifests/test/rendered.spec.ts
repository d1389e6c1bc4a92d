import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { amount, capacityViolations, connections, containersOf, mapOf, workloads } from '../src/capacity.js';
import { usersOfKubernetes } from '../src/credentials.js';
import { type Manifest, parseYaml, readText, root } from '../src/files.js';
import { allSchemaViolations } from '../src/kubernetes.js';
import { services } from '../src/processes.js';
import { canRender, copyOfTree, overlays, render, renderWith } from '../src/render.js';
import { containerViolations, referenceViolations } from '../src/workloads.js';

const { version } = JSON.parse(readText('package.json')) as { version: string };
const { stdout } = spawnSync(process.execPath, [join(root, 'tools/manifests/make-secrets.mjs')], { encoding: 'utf8' });
const secrets = Object.fromEntries(
  (JSON.parse(stdout) as { items: Manifest[] }).items.map(({ metadata, stringData }) => [metadata.name, stringData]),
) as Record<string, Record<string, string>>;
/** Where there is no kustomize nothing is rendered; CI has one. */
const rendered = canRender ? it : it.skip;
const ofCluster = ['Namespace', 'PriorityClass'];
const find = (objects: Manifest[], kind: string, name: string): Manifest =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);
/** The kinds of operators, which the schemas do not know. */
const isKnown = ({ apiVersion }: Manifest): boolean => apiVersion !== 'monitoring.coreos.com/v1';

describe.each(overlays)('The overlay %s', (overlay) => {
  let objects: Manifest[];

  beforeAll(() => void (objects = canRender ? render(overlay) : []));

  rendered('renders to objects that are valid, closed and in one namespace', async () => {
    expect(await allSchemaViolations(objects.filter(isKnown))).toEqual([]);
    expect(objects.flatMap((object) => containerViolations(object, version))).toEqual([]);
    expect(referenceViolations(objects, secrets)).toEqual([]);
    const outside = objects.filter(
      ({ kind, metadata }) => !ofCluster.includes(kind) && metadata.namespace !== 'fowergram',
    );
    expect(outside).toEqual([]);
  });

  rendered('needs no more connections, processors and memory than there are', () => {
    expect(connections(objects).most).toBeGreaterThan(40);
    expect(capacityViolations(objects)).toEqual([]);
  });

  rendered('has a PgBouncer in each pod that enters Postgres with the password of a service', () => {
    const entering = Object.entries(usersOfKubernetes(objects, secrets))
      .filter(([, { DATABASE_URL }]) => DATABASE_URL && !DATABASE_URL.endsWith('_owner'))
      .map(([name]) => name);
    const pooled = objects
      .filter((object) => containersOf(object).some(({ name }) => name === 'pgbouncer'))
      .map(({ metadata }) => metadata.name as string);
    expect(entering.length).toBeGreaterThan(4);
    expect(pooled.sort()).toEqual(entering.sort());
  });

  rendered('shows PgBouncer the settings that its tests have used', () => {
    expect(mapOf(objects, 'pgbouncer-config')['pgbouncer.ini']).toBe(readText('tools/docker/pgbouncer/pgbouncer.ini'));
  });

  rendered('names each Job by its content', () => {
    const names = objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name as string);
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !/-[bcdfghkmt2456789]{10}$/.test(name))).toEqual([]);
    expect(JSON.stringify(objects)).not.toContain('needsHashSuffix');
  });

  rendered('says of every workload what goes before what', () => {
    const classes = objects
      .filter(({ kind }) => kind === 'PriorityClass')
      .map(({ metadata }) => metadata.name as string);
    const without = workloads(objects).filter(({ metadata }) => metadata.name !== 'mailpit');
    expect(without.filter(({ spec }) => !classes.includes(spec.template.spec.priorityClassName))).toEqual([]);
  });

  rendered('restarts no auth core whose database is away', () => {
    const [core] = containersOf(find(objects, 'Deployment', 'supertokens'));
    expect(core.livenessProbe.tcpSocket).toEqual({ port: 'http' });
  });

  rendered('keeps stores from their limits, and hands the clients of NATS over before it ends', () => {
    const [nats] = containersOf(find(objects, 'StatefulSet', 'nats'));
    const settings = mapOf(objects, 'nats-config')['nats.conf']!;
    const [pid] = /\/\S+\.pid/.exec(settings) ?? [];
    expect(nats.lifecycle.preStop.exec.command).toEqual(['nats-server', '--signal', `ldm=${pid}`]);
    const grace = find(objects, 'StatefulSet', 'nats').spec.template.spec.terminationGracePeriodSeconds;
    expect(grace).toBeGreaterThan(Number(/lame_duck_duration: (\d+)s/.exec(settings)?.[1]) + 10);
    const [claim] = find(objects, 'StatefulSet', 'nats').spec.volumeClaimTemplates;
    expect(Number(/max_file_store: (\d+)GB/.exec(settings)?.[1]) * 1e9).toBeLessThan(
      amount(claim.spec.resources.requests.storage),
    );
    const redis = find(objects, 'StatefulSet', 'redis');
    if (!redis) return;
    const memory = /^maxmemory (\d+)mb$/m.exec(mapOf(objects, 'redis-config')['redis.conf']!)?.[1];
    const ratio = (Number(memory) * 2 ** 20) / amount(containersOf(redis)[0].resources.limits.memory);
    expect([ratio > 0.5, ratio < 0.75]).toEqual([true, true]);
  });
});

describe('The overlays', () => {
  rendered('have all four that are described', () => {
    expect(overlays).toEqual(['cloud', 'local', 'production', 'staging']);
  });

  rendered('with managed stores have none of their own, and reach these', () => {
    const objects = render('cloud');
    expect(objects.filter(({ kind }) => kind === 'StatefulSet').map(({ metadata }) => metadata.name as string)).toEqual(
      ['nats'],
    );
    const text = JSON.stringify(
      objects.filter(({ kind }) => ['Service', 'Ingress', 'Job', 'ConfigMap'].includes(kind)),
    );
    expect(text).not.toMatch(/host=postgres |"name":"(minio|redis|postgres)"|http:\/\/minio/);
    const open = objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && /^to-/.test(metadata.name));
    expect(open.flatMap(({ spec }) => spec.egress[0].ports[0].port as number).sort()).toEqual([443, 5432, 6379]);
  });

  rendered('have an ingress with a class and time for sockets', () => {
    const { metadata, spec } = find(render('production'), 'Ingress', 'fowergram');
    expect(spec.ingressClassName).toBe('nginx');
    for (const way of ['read', 'send'])
      expect(Number(metadata.annotations[`nginx.ingress.kubernetes.io/proxy-${way}-timeout`])).toBeGreaterThanOrEqual(
        3_600,
      );
  });

  rendered.each<[string, (objects: Manifest[]) => void, RegExp]>([
    [
      'more replicas than connections',
      (all) => (find(all, 'HorizontalPodAutoscaler', 'post').spec.maxReplicas = 90),
      /connections to Postgres/,
    ],
    [
      'a server with fewer',
      (all) =>
        (find(all, 'StatefulSet', 'postgres').spec.template.spec.containers[0].args = ['-c', 'max_connections=100']),
      /has 100 connections/,
    ],
    [
      'a database that no pool knows',
      (all) => void (find(all, 'Deployment', 'user').metadata.labels['app.kubernetes.io/name'] = 'x'),
      /NaN connections/,
    ],
    [
      'a quota that is too small',
      (all) => (find(all, 'ResourceQuota', 'fowergram').spec.hard['requests.cpu'] = '8'),
      /processors/,
    ],
  ])('are checked: %s is noticed', (_, change, violation) => {
    const objects = render('production');
    change(objects);
    expect(capacityViolations(objects).join('\n')).toMatch(violation);
  });

  rendered('name a Job anew with another image, and only then', () => {
    const folder = copyOfTree();
    const nameOf = (objects: Manifest[]): string =>
      objects.find(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('user-migrate-')).metadata.name;
    const before = nameOf(render('production'));
    expect(nameOf(render('production', folder))).toBe(before);
    const file = join(folder, 'k8s/overlays/production/kustomization.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('newTag: 0.1.0', 'newTag: 0.2.0'));
    expect(nameOf(render('production', folder))).not.toBe(before);
    rmSync(folder, { recursive: true });
  });
});

describe('The component monitoring', () => {
  let objects: Manifest[];

  beforeAll(() => {
    if (canRender) objects = renderWith('monitoring');
  });

  rendered('scrapes the operators’ port of every service', () => {
    const { selector, podMetricsEndpoints } = find(objects, 'PodMonitor', 'fowergram').spec;
    const chosen = workloads(objects).filter(({ spec }) =>
      Object.entries(selector.matchLabels).every(([key, value]) => spec.template.metadata.labels[key] === value),
    );
    expect(chosen.map(({ metadata }) => metadata.name as string)).toEqual(expect.arrayContaining(services));
    const ports = chosen.map((object) => containersOf(object).flatMap(({ ports: each = [] }) => each));
    expect(ports.filter((each) => !each.some(({ name }) => name === podMetricsEndpoints[0].port))).toEqual([]);
    expect(podMetricsEndpoints[0].relabelings).toContainEqual({ targetLabel: 'job', replacement: 'fowergram' });
  });

  rendered('has the alerts and the dashboards of compose', () => {
    expect(spawnSync(process.execPath, ['tools/manifests/rules.mjs', '--check'], { cwd: root }).status).toBe(0);
    const { groups } = parseYaml(readText('monitoring/alerts/fowergram.yml'));
    expect(find(objects, 'PrometheusRule', 'fowergram').spec.groups).toEqual(groups);
    const files = readdirSync(join(root, 'monitoring/grafana/dashboards')).sort();
    expect(Object.keys(mapOf(objects, 'fowergram-dashboards')).sort()).toEqual(files);
  });

  rendered('lets open sockets add gateways as processors do', () => {
    const { metrics } = find(objects, 'HorizontalPodAutoscaler', 'gateway').spec;
    expect(metrics.map(({ resource, pods }: Manifest) => resource?.name ?? pods.metric.name)).toEqual([
      'cpu',
      'websocket_connections_open',
    ]);
    expect(readText('monitoring/metrics.json')).toContain('"websocket_connections_open"');
  });
});
