import type { Manifest } from './files.js';
import { authCorePort, gatewayPort, operatorPort, services } from './processes.js';

/** What clients may ask for, by the Service behind it; everything else stays inside the cluster. */
const clientPaths: Record<string, string[]> = {
  'gateway:http': ['/api', '/auth', '/graphql', '/graphql/stream'],
  'minio:s3': ['/fowergram-media'],
};

/** Operators ask one service on its own port, and only there. */
export function operatorViolations(objects: Manifest[], name: string): string[] {
  const find = (kind: string) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  const { metadata, spec } = find('Deployment').spec.template;
  const container = spec.containers[0];
  const annotations = metadata.annotations ?? {};
  const ports = name === 'gateway' ? { http: gatewayPort, operator: operatorPort } : { operator: operatorPort };
  const rules: [boolean, string][] = [
    ...['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe): [boolean, string] => [
      container[probe]?.httpGet?.port === 'operator',
      `${probe} does not ask the port operator`,
    ]),
    [same(portsOf(container.ports, 'containerPort'), ports), `does not listen on ${JSON.stringify(ports)}`],
    [same(portsOf(find('Service').spec.ports, 'port'), ports), `its Service is not at ${JSON.stringify(ports)}`],
    [
      annotations['prometheus.io/port'] === String(operatorPort) && annotations['prometheus.io/path'] === '/metrics',
      'is scraped at another address',
    ],
    [
      same(callersOf(find('NetworkPolicy'), operatorPort), ['monitoring']),
      `lets others than Prometheus reach ${operatorPort}`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, violation]) => `${name} ${violation}`);
}

/** Clients come through the ingress, whose word on where they come from is believed; nobody else reaches these ports. */
export function clientPortViolations(objects: Manifest[]): string[] {
  const policy = (name: string) =>
    objects.find((object) => object.kind === 'NetworkPolicy' && object.metadata.name === name);
  return [
    ...(same(callersOf(policy('gateway'), gatewayPort), ['ingress-nginx'])
      ? []
      : ['gateway takes clients from others than the ingress']),
    ...(same(callersOf(policy('minio'), 9_000), ['ingress-nginx', 'media', 'minio-bucket'])
      ? []
      : ['minio takes requests from others than the ingress and the media service']),
    ...(same(callersOf(policy('supertokens'), authCorePort), ['gateway'])
      ? []
      : ['supertokens takes requests from others than the gateway']),
    ...services
      .filter((name) => policy(name).spec.ingress.some(({ ports }: Manifest) => !ports?.length))
      .map((name) => `${name} opens every port`),
  ];
}

/** An ingress names each path that clients may ask for: no path leads to an operators' port, and none is left to a prefix of all. */
export function ingressViolations(ingress: Manifest): string[] {
  const paths: Manifest[] = ingress.spec.rules.flatMap(({ http }: Manifest) => http.paths);
  const targetOf = ({ backend: { service } }: Manifest) =>
    `${service.name}:${service.port.name ?? service.port.number}`;
  return [
    ...(ingress.spec.defaultBackend ? ['the ingress sends what it does not know to a default backend'] : []),
    ...paths
      .filter((each) => !clientPaths[targetOf(each)]?.includes(each.path))
      .map((each) => `the ingress sends ${each.path} to ${targetOf(each)}`),
    ...Object.entries(clientPaths).flatMap(([target, wanted]) =>
      wanted
        .filter((path) => !paths.some((each) => each.path === path && targetOf(each) === target))
        .map((path) => `the ingress does not send ${path} to ${target}`),
    ),
    ...paths
      .filter(({ pathType }) => !['Exact', 'Prefix'].includes(pathType))
      .map(({ path }) => `${path} is matched as the controller likes`),
  ];
}

/** Who a policy lets reach a port: names of namespaces and pods, '*' for everybody. */
function callersOf(policy: Manifest, port: number): string[] {
  return (policy.spec.ingress ?? [])
    .filter(({ ports }: Manifest) => !ports || ports.some((each: Manifest) => each.port === port))
    .flatMap(({ from }: Manifest) => from?.map(callerOf) ?? ['*']);
}

function callerOf({ namespaceSelector, podSelector }: Manifest): string {
  const labels = (namespaceSelector ?? podSelector)?.matchLabels ?? {};
  return labels['kubernetes.io/metadata.name'] ?? labels['app.kubernetes.io/name'] ?? '*';
}

const portsOf = (ports: Manifest[] = [], key: string) =>
  Object.fromEntries(ports.map((port) => [port.name, port[key]]));

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
