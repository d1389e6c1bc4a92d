import { config as gateway } from '../../gateway/src/config.js';
import { config as media } from '../../media/src/config.js';
import { config as notification } from '../../notification/src/config.js';
import { config as post } from '../../post/src/config.js';
import { config as user } from '../../user/src/config.js';
import { parseEnvExample, variablesOf } from '../../../tools/manifests/src/env-example.js';
import { type Manifest, parseYaml, readText } from '../../../tools/manifests/src/files.js';
import { readBase } from '../../../tools/manifests/src/kubernetes.js';
import { literalsOf } from '../../../tools/manifests/src/kustomize.js';

const configs = { gateway, user, post, media, notification };
const services = Object.entries(configs);

const { names: explained } = parseEnvExample(readText('.env.example'));
const composeText = readText('docker-compose.yml');
const compose: Manifest = parseYaml(composeText);
const base = readBase().map(({ object }) => object);

/** Says which of the five programs of the one image starts; no configuration reads it. */
const withoutSelector = (names: string[]): string[] => names.filter((name) => name !== 'SERVICE').sort();

/** The variables without which a service does not start. */
function requiredBy({ read }: { read: (env: NodeJS.ProcessEnv) => unknown }): string[] {
  try {
    read({});
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/^ {2}(\w+): is missing$/gm)].map(([, name]) => name!);
  }
}

/** What the deployment sets itself, and what the base and the overlays put into its ConfigMap. */
function givenInKubernetes(service: string, folders: string[]): string[] {
  const deployment = base.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === service);
  const own: string[] = deployment.spec.template.spec.containers[0].env.map(({ name }: Manifest) => name);
  return [...own, ...folders.flatMap((folder) => literalsOf(`${folder}/kustomization.yaml`, `${service}-config`))];
}

describe('the variables that a service reads', () => {
  it.each(services)('are explained in .env.example: %s', (_service, { names }) => {
    expect(names.filter((name) => !explained.includes(name))).toEqual([]);
  });

  it.each(services)('are those that docker-compose.yml gives it: %s', (service, { names }) => {
    expect(withoutSelector(Object.keys(compose.services[service].environment))).toEqual([...names].sort());
  });

  it.each(services)('have a value in k8s/base where there is no default: %s', (service, config) => {
    const required = requiredBy(config);
    expect(required).toContain('NATS_URL');
    expect(required.filter((name) => !givenInKubernetes(service, [`k8s/base/${service}`]).includes(name))).toEqual([]);
  });

  it.each(services)('are all that k8s gives it: %s', (service, { names }) => {
    const folders = [`k8s/base/${service}`, 'k8s/overlays/local', 'k8s/overlays/production'];
    const given = withoutSelector(givenInKubernetes(service, folders));
    expect(given.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('are all that .env.example explains, but for what docker-compose.yml gives the stores', () => {
    const known = new Set([...services.flatMap(([, { names }]) => names), ...variablesOf(composeText).keys()]);
    expect(explained.filter((name) => !known.has(name))).toEqual([]);
  });
});
