import { type Manifest, parseYaml, readText } from './files.js';
import { services } from './processes.js';
import { podsOf } from './workloads.js';

/** Whose name each address of a store carries, by service: of DATABASE_URL, NATS_URL and REDIS_URL. */
export type Users = Record<string, Record<string, string>>;

const ADDRESS = /^(?:DATABASE|NATS|REDIS)_URL$/;

/** Under which name each service and each job of docker-compose.yml enters the stores. */
export const usersOfCompose = (compose: Manifest): Users =>
  usersOf(
    Object.entries<Manifest>(compose.services).map(([name, { environment }]) => [
      name,
      Object.entries<string>(environment ?? {}),
    ]),
  );

/** The same of the objects of Kubernetes, whose addresses are in Secrets. */
export const usersOfKubernetes = (objects: Manifest[], secrets: Record<string, Record<string, string>>): Users =>
  usersOf(
    objects
      .filter((object) => podsOf(object)?.spec?.containers)
      .map((object) => [object.metadata.name, valuesOf(podsOf(object).spec.containers[0], secrets)]),
  );

function valuesOf(container: Manifest, secrets: Record<string, Record<string, string>>): [string, string][] {
  return (container.env ?? []).flatMap(({ name, valueFrom }: Manifest) => {
    const { name: secret, key } = valueFrom?.secretKeyRef ?? {};
    return secret ? [[name, secrets[secret]?.[key] ?? '']] : [];
  });
}

function usersOf(entries: [string, [string, string][]][]): Users {
  const users = entries.map(([name, variables]) => [
    name,
    Object.fromEntries(
      variables
        .filter(([variable]) => ADDRESS.test(variable))
        .map(([variable, value]) => [variable, /^\w+:\/\/(\w+):/.exec(value)?.[1] ?? 'nobody']),
    ),
  ]);
  return Object.fromEntries(users.filter(([, addresses]) => Object.keys(addresses!).length > 0)) as Users;
}

/** Passwords and keys that a service of compose is given beside its addresses; those of the stores belong to nobody here. */
export const secretsOfCompose = (compose: Manifest): Record<string, string[]> =>
  Object.fromEntries(
    services.map((name) => [
      name,
      [...JSON.stringify(compose.services[name].environment).matchAll(/\$\{(\w*(?:PASSWORD|KEY))\b/g)]
        .map(([, variable]) => variable!)
        .sort(),
    ]),
  );

/** Every file with permissions that is mounted into a store, by store. */
export function permissionsMounted(): Record<string, string[]> {
  const compose = parseYaml(readText('docker-compose.yml'));
  return Object.fromEntries(
    ['nats', 'redis', 'postgres'].map((store) => [
      store,
      (compose.services[store].volumes as string[])
        .map((volume) => volume.split(':')[0]!)
        .filter((file) => /users|databases\.psql/.test(file)),
    ]),
  );
}
