import type { Manifest } from './files.js';
import { podsOf } from './workloads.js';

/** Connections that are nobody's: jobs that migrate and audit, replication, an operator with psql. */
const RESERVE = 20;

/** So many pods of an object there are at most: what its autoscaler allows, and those that a roll-out adds. */
export function mostPods(object: Manifest, objects: Manifest[]): number {
  const scaler = objects.find(
    ({ kind, spec }) =>
      kind === 'HorizontalPodAutoscaler' &&
      spec.scaleTargetRef.kind === object.kind &&
      spec.scaleTargetRef.name === object.metadata.name,
  );
  const surge = object.kind === 'Deployment' ? Number(object.spec.strategy?.rollingUpdate?.maxSurge ?? 1) : 0;
  return (scaler?.spec.maxReplicas ?? object.spec.replicas ?? 1) + surge;
}

/** Connections that the pods of an overlay can have to Postgres together, with the reserve, and what the server has. */
export function connections(objects: Manifest[]): { most: number; server: number } {
  const text = Object.values<string>(mapOf(objects, 'pgbouncer-databases')).join('\n');
  const pools = new Map(
    [...text.matchAll(/^(\w+) = .*\bpool_size=(\d+)/gm)].map(([, name, size]) => [name, Number(size)]),
  );
  const most = workloads(objects).map((object) => mostPods(object, objects) * ofOnePod(object, pools));
  return {
    most: most.reduce((sum, each) => sum + each, RESERVE),
    server: Number(/max_connections = (\d+)/.exec(text)?.[1]),
  };
}

/** What the pods of an overlay request at most together. */
export function requested(objects: Manifest[]): { pods: number; cpu: number; memory: number } {
  const total = { pods: 0, cpu: 0, memory: 0 };
  for (const object of objects.filter((each) => podsOf(each)?.spec?.containers)) {
    const pods = workloads([object]).length > 0 ? mostPods(object, objects) : 1;
    total.pods += pods;
    for (const { resources } of containersOf(object)) {
      total.cpu += pods * amount(resources.requests.cpu);
      total.memory += pods * amount(resources.requests.memory);
    }
  }
  return total;
}

/** Connections, processors and memory do not run out when every autoscaler is at its end. */
export function capacityViolations(objects: Manifest[]): string[] {
  const { most, server } = connections(objects);
  const own = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'postgres');
  const said = /max_connections=(\d+)/.exec(String(own?.spec.template.spec.containers[0].args))?.[1];
  const { hard } = objects.find(({ kind }) => kind === 'ResourceQuota').spec;
  const wanted = requested(objects);
  const rules: [boolean, string][] = [
    [most <= server, `${most} connections to Postgres, which has ${server}`],
    [!own || Number(said) === server, `Postgres has ${said} connections, and not ${server}`],
    [wanted.pods <= amount(hard.pods), `${wanted.pods} pods, and the quota has ${hard.pods}`],
    [wanted.cpu <= amount(hard['requests.cpu']), `${wanted.cpu} processors, and the quota has ${hard['requests.cpu']}`],
    [
      wanted.memory <= amount(hard['requests.memory']),
      `${wanted.memory} bytes, and the quota has ${hard['requests.memory']}`,
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, violation]) => violation);
}

/** A number with a unit of Kubernetes. */
export function amount(text: string | number): number {
  const [, number, unit] = /^(\d+)(m|Ki|Mi|Gi)?$/.exec(String(text)) ?? [];
  const factors: Record<string, number> = { m: 0.001, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };
  return Number(number) * (unit ? factors[unit]! : 1);
}

/** The data of a ConfigMap, by its name without the hash. */
export const mapOf = (objects: Manifest[], name: string): Record<string, string> =>
  objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.replace(/-[a-z0-9]{10}$/, '') === name)
    ?.data ?? {};

export const workloads = (objects: Manifest[]): Manifest[] =>
  objects.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind));

export const containersOf = (object: Manifest): Manifest[] => {
  const { initContainers = [], containers = [] } = podsOf(object)?.spec ?? {};
  return [...initContainers, ...containers];
};

function ofOnePod(object: Manifest, pools: Map<string | undefined, number>): number {
  const containers = containersOf(object);
  const own = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === 'POSTGRESQL_CONNECTION_POOL_SIZE');
  if (own) return Number(own.value);
  if (!containers.some(({ name }) => name === 'pgbouncer')) return 0;
  return pools.get(`fowergram_${object.metadata.labels['app.kubernetes.io/name']}`) ?? Number.NaN;
}
