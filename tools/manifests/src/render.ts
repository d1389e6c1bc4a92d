import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, parseYamlAll, root } from './files.js';

export const overlays = readdirSync(join(root, 'k8s/overlays')).sort();

const programs: [string, string[]][] = [
  ['kubectl', ['kustomize']],
  ['kustomize', ['build']],
];
const [program, args] = programs.find(([name]) => spawnSync(name, ['version', '--client']).status === 0) ?? [];

/** Whether this machine has a kustomize; CI must. */
export const canRender = program !== undefined || process.env.CI === 'true';

const rendered = new Map<string, string>();

/** Every object of an overlay as a cluster gets it; throws what kustomize says against it. */
export function render(overlay: string, folder = root): Manifest[] {
  const path = join(folder, 'k8s/overlays', overlay);
  const text = rendered.get(path) ?? run(path);
  if (folder === root) rendered.set(path, text);
  return parseYamlAll(text);
}

function run(path: string): string {
  const command = [...(args ?? []), path];
  const { status, stdout, stderr } = spawnSync(program ?? 'kubectl', command, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0 || stderr) throw new Error(`${path} does not render: ${stderr}`);
  return stdout;
}
