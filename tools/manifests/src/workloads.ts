import type { Manifest } from './files.js';
import { authCoreViolations, imageViolations } from './images.js';
import { processes } from './processes.js';

/** The pods that an object makes, a CronJob by the jobs that it starts. */
export const podsOf = ({ spec }: Manifest): Manifest => spec?.jobTemplate?.spec.template ?? spec?.template;

/** What makes pods that end by themselves. */
const isJob = ({ kind }: Manifest): boolean => ['Job', 'CronJob'].includes(kind);

/** What each of the five deployments must have, beyond being valid. */
export function serviceViolations(objects: Manifest[], name: string, literals: string[]): string[] {
  const find = (kind: string) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  const missing = [
    'Deployment',
    'Service',
    'ServiceAccount',
    'HorizontalPodAutoscaler',
    'PodDisruptionBudget',
    'NetworkPolicy',
  ].filter((kind) => !find(kind));
  if (missing.length > 0) return missing.map((kind) => `${name} has no ${kind}`);
  const { spec } = find('Deployment');
  const pod = spec.template.spec;
  const container = pod.containers[0];
  const given = [...literals, ...(container.env ?? []).map((entry: Manifest) => entry.name)];
  const own =
    selects(find('Service').spec.selector, spec.template) &&
    selects(find('PodDisruptionBudget').spec.selector.matchLabels, spec.template);
  const rules: [boolean, string][] = [
    [container.livenessProbe?.httpGet?.path === '/health/live', 'liveness does not ask /health/live'],
    [container.startupProbe?.httpGet?.path === '/health/live', 'start-up does not ask /health/live'],
    [container.readinessProbe?.httpGet?.path === '/health/ready', 'readiness does not ask /health/ready'],
    [spec.strategy?.rollingUpdate?.maxUnavailable === 0, 'may lose a replica in a roll-out'],
    [spec.replicas === undefined, 'sets replicas, which the autoscaler owns'],
    [(pod.terminationGracePeriodSeconds ?? 0) >= 30 && Boolean(container.lifecycle?.preStop), 'has no time to drain'],
    [(pod.topologySpreadConstraints ?? []).length > 0, 'is not spread'],
    [pod.serviceAccountName === name && pod.automountServiceAccountToken === false, 'carries a token of the cluster'],
    [own, 'is not what its Service and its disruption budget select'],
    [find('HorizontalPodAutoscaler').spec.scaleTargetRef.name === name, 'is not what its autoscaler scales'],
    ...processes[name]!.variables.map((variable): [boolean, string] => [
      given.includes(variable),
      `is not given ${variable}`,
    ]),
  ];
  return rules.filter(([holds]) => !holds).map(([, violation]) => `${name} ${violation}`);
}

/** What holds for every container of every workload. */
export function containerViolations(object: Manifest, version: string): string[] {
  const pod = podsOf(object)?.spec;
  if (!pod?.containers) return [];
  const restricted = object.metadata.name !== 'supertokens';
  return [...(pod.initContainers ?? []), ...pod.containers].flatMap((container: Manifest) => {
    const rules: [boolean, string][] = [
      [
        Boolean(container.resources?.requests?.cpu && container.resources?.requests?.memory),
        'requests no cpu or memory',
      ],
      [
        Boolean(container.resources?.limits?.cpu && container.resources?.limits?.memory),
        'has no limit of cpu or memory',
      ],
      [container.securityContext?.allowPrivilegeEscalation === false, 'may gain privileges'],
      [container.securityContext?.capabilities?.drop?.[0] === 'ALL', 'keeps capabilities'],
      [pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile'],
      [pod.automountServiceAccountToken === false, 'carries a token of the cluster'],
      [!restricted || container.securityContext?.readOnlyRootFilesystem === true, 'may write to its image'],
      [
        !restricted || (pod.securityContext?.runAsNonRoot === true && pod.securityContext?.runAsUser > 0),
        'may run as root',
      ],
      [
        restricted ||
          (container.env ?? []).some(
            ({ name, value }: Manifest) => name === 'PASSWORD_HASHING_ALG' && value === 'ARGON2',
          ),
        'does not hash with argon2id',
      ],
      [
        isJob(object) || Boolean(container.startupProbe && container.livenessProbe && container.readinessProbe),
        'lacks a probe',
      ],
    ];
    return [
      ...rules.filter(([holds]) => !holds).map(([, violation]) => violation),
      ...imageViolations(container.image, version),
      ...(restricted ? [] : authCoreViolations(container.image)),
    ].map((violation) => `${object.kind} ${object.metadata.name}: ${violation}`);
  });
}

/** References between objects that only a running cluster would miss. */
export function referenceViolations(objects: Manifest[], secrets: Record<string, Record<string, string>>): string[] {
  const pods = objects.map(podsOf).filter((pod) => pod?.spec?.containers);
  const wanted = pods
    .flatMap((pod) => pod.spec.containers.flatMap((container: Manifest) => container.env ?? []))
    .flatMap((entry) => entry.valueFrom?.secretKeyRef ?? []);
  const selectors = objects.flatMap((object) => {
    if (object.kind === 'Service') return [{ object, labels: object.spec.selector }];
    if (object.kind === 'NetworkPolicy') return [{ object, labels: object.spec.podSelector.matchLabels ?? {} }];
    return [];
  });
  return [
    ...wanted
      .filter(({ name, key }) => !secrets[name]?.[key])
      .map(({ name, key }) => `nothing makes ${key} of the Secret ${name}`),
    ...selectors
      .filter(({ labels }) => !pods.some((pod) => selects(labels, pod)))
      .map(({ object }) => `${object.kind} ${object.metadata.name} selects no pod`),
    ...pods
      .filter((pod) => !isGuarded(pod, objects))
      .map((pod) => `${pod.spec.containers[0].name} has no network policy of its own`),
  ];
}

function isGuarded(pod: Manifest, objects: Manifest[]): boolean {
  return objects.some(
    (object) =>
      object.kind === 'NetworkPolicy' &&
      object.spec.podSelector.matchLabels &&
      selects(object.spec.podSelector.matchLabels, pod),
  );
}

function selects(labels: Record<string, string>, pod: Manifest): boolean {
  return Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);
}
