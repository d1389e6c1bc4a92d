import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvExample, variablesOf } from './env-example.js';
import { type Manifest, root } from './files.js';
import { authCoreViolations, imageViolations } from './images.js';
import { gatewayPort, operatorPort, processes, services } from './processes.js';

export interface ComposeInput {
  compose: Manifest;
  text: string;
  example: EnvExample;
  apps: string[];
  version: string;
}

/** Published on this machine, each by its container port. */
const published: Record<string, string> = {
  gateway: '8000',
  minio: '9000',
  prometheus: '9090',
  alertmanager: '9093',
  grafana: '3000',
  jaeger: '16686',
  mailpit: '8025',
};

export function composeViolations(input: ComposeInput): string[] {
  const entries = Object.entries<Manifest>(input.compose.services);
  return [
    ...serviceViolations(input),
    ...variableViolations(input),
    ...authCoreViolations(String(input.compose.services.supertokens?.image)),
    ...authNetworkViolations(input.compose.services),
    ...entries.flatMap(([name, service]) => [
      ...imageViolations(String(service.image ?? '').replace(/\$\{APP_VERSION[^}]*\}/, input.version), input.version),
      ...portViolations(name, service),
      ...dependencyViolations(name, service, input.compose.services),
      ...mountViolations(name, service, input.compose.volumes ?? {}),
    ]),
  ];
}

function serviceViolations({ compose, apps }: ComposeInput): string[] {
  const ours = Object.entries<Manifest>(compose.services)
    .filter(([, service]) => service.build && service.restart !== 'no')
    .map(([name]) => name);
  const given = (name: string) => Object.keys(compose.services[name]?.environment ?? {});
  return [
    ...difference(apps, ours).map((name) => `apps/${name} is not a service of docker-compose.yml`),
    ...difference(ours, apps).map((name) => `service ${name} is not in apps/`),
    ...services.flatMap((name) =>
      difference(processes[name]!.variables, given(name)).map((variable) => `${name} is not given ${variable}`),
    ),
    ...services
      .filter((name) => String(compose.services[name]?.environment?.OPERATOR_PORT) !== String(operatorPort))
      .map((name) => `${name} does not answer operators on ${operatorPort}`),
    ...(compose.services.gateway?.environment?.PORT === String(gatewayPort)
      ? []
      : [`gateway does not listen on ${gatewayPort}`]),
    ...(compose.services.supertokens?.environment?.PASSWORD_HASHING_ALG === 'ARGON2'
      ? []
      : ['supertokens does not hash with argon2id']),
  ];
}

function variableViolations({ compose, text, example }: ComposeInput): string[] {
  const used = variablesOf(text);
  const passed = services
    .flatMap((name) => Object.keys(compose.services[name]?.environment ?? {}))
    .filter((name) => name !== 'SERVICE');
  return [
    ...[...used]
      .filter(([name, forms]) => !mayStayUnset(name, forms, example))
      .map(([name]) => `\${${name}} is not in .env.example`),
    ...difference(Object.keys(example.values), [...used.keys()]).map((name) => `${name} of .env.example is not used`),
    ...difference(passed, example.names).map(
      (name) => `a service is given ${name}, which .env.example does not explain`,
    ),
    ...example.secrets
      .filter((name) => !(used.get(name) ?? []).every((form) => form.startsWith(':?')))
      .map((name) => `\${${name}} starts without a value`),
    ...example.unexplained.map((name) => `${name} has no comment in .env.example`),
  ];
}

/** Set, or explained as an example and used as one that may be left out. */
function mayStayUnset(name: string, forms: string[], example: EnvExample): boolean {
  return name in example.values || (example.names.includes(name) && forms.every((form) => form === ':-'));
}

function portViolations(name: string, service: Manifest): string[] {
  return (service.ports ?? []).flatMap((port: string) => {
    const [address, , inside] = String(port)
      .replace(/\$\{[^}]*\}/g, 'X')
      .split(':');
    if (address !== '127.0.0.1') return [`${name} publishes ${port} to the network`];
    return published[name] === inside ? [] : [`${name} publishes ${port}`];
  });
}

function dependencyViolations(name: string, service: Manifest, all: Manifest): string[] {
  return Object.entries<Manifest>(service.depends_on ?? {}).flatMap(([target, { condition }]) => {
    const other = all[target];
    if (!other) return [`${name} waits for ${target}, which does not exist`];
    if (condition === 'service_healthy' && !other.healthcheck?.test && !other.build)
      return [`${name} waits for the health of ${target}, which has no check`];
    if (condition === 'service_completed_successfully' && other.restart !== 'no')
      return [`${name} waits for the end of ${target}, which restarts`];
    return condition === 'service_started' ? [`${name} does not wait until ${target} can be used`] : [];
  });
}

/** Whoever shares a network with the auth core reaches its port. */
function authNetworkViolations(all: Manifest): string[] {
  const networksOf = (name: string): string[] => all[name]?.networks ?? ['default'];
  return Object.keys(all)
    .filter((name) => !['supertokens', 'gateway', 'postgres'].includes(name))
    .filter((name) => networksOf(name).some((network) => networksOf('supertokens').includes(network)))
    .map((name) => `${name} reaches the auth core`);
}

function mountViolations(name: string, service: Manifest, volumes: Manifest): string[] {
  return (service.volumes ?? []).flatMap((volume: string) => {
    const source = volume.split(':')[0]!;
    const known = source.startsWith('./') ? existsSync(join(root, source)) : source in volumes;
    return known ? [] : [`${name} mounts ${source}, which does not exist`];
  });
}

export function difference(left: string[], right: string[]): string[] {
  return [...new Set(left)].filter((item) => !right.includes(item));
}
