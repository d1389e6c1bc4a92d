import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Manifest, parseYaml, readText, root, yamlFiles } from './files.js';

export const kustomizations = (): string[] =>
  ['k8s', 'tools/docker', 'tools/backup'].flatMap(yamlFiles).filter((file) => file.endsWith('/kustomization.yaml'));

/** Everything that a kustomization names exists, and every file beside it is named. */
export function kustomizationViolations(file: string, content: Manifest = parseYaml(readText(file))): string[] {
  const folder = dirname(file);
  const resources: string[] = content.resources ?? [];
  const files: string[] = [
    ...(content.patches ?? []).flatMap((patch: Manifest) => patch.path ?? []),
    ...(content.configMapGenerator ?? []).flatMap((map: Manifest) => map.files ?? []),
  ];
  const beside = readdirSync(join(root, folder)).filter(
    (name) => /\.ya?ml$/.test(name) && name !== 'kustomization.yaml',
  );
  return [
    ...(['Kustomization', 'Component'].includes(content.kind) ? [] : [`${file} is not a Kustomization`]),
    ...resources
      .filter((name) => !isResource(normalize(join(folder, name))))
      .map((name) => `${file} names ${name}, which is not there`),
    ...files
      .filter((name) => !existsSync(join(root, folder, name)))
      .map((name) => `${file} names ${name}, which is not there`),
    ...beside.filter((name) => ![...resources, ...files].includes(name)).map((name) => `${file} omits ${name}`),
  ];
}

/** The keys that a kustomization generates into a ConfigMap. */
export function literalsOf(file: string, name: string): string[] {
  const map = parseYaml(readText(file)).configMapGenerator?.find((entry: Manifest) => entry.name === name);
  return (map?.literals ?? []).map((literal: string) => literal.split('=')[0]!);
}

function isResource(path: string): boolean {
  const full = join(root, path);
  if (!existsSync(full)) return false;
  return statSync(full).isDirectory() ? existsSync(join(full, 'kustomization.yaml')) : true;
}
