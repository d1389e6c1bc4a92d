import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** The objects of production with a component that an overlay may name. */
export function renderWith(component: string): Manifest[] {
  const folder = copyOfTree();
  const file = join(folder, 'k8s/overlays/production/kustomization.yaml');
  appendFileSync(file, `components: [../../components/${component}]\n`);
  try {
    return render('production', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an overlay is rendered from, to change something in it. */
export function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fowergram-overlays-'));
  for (const each of ['k8s', 'tools/docker', 'tools/backup', 'monitoring'])
    cpSync(join(root, each), join(folder, each), { recursive: true });
  return folder;
}

function run(path: string): string {
  const command = [...(args ?? []), path];
  const { status, stdout, stderr } = spawnSync(program ?? 'kubectl', command, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0 || stderr) throw new Error(`${path} does not render: ${stderr}`);
  return stdout;
}
