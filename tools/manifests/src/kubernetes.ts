import { parseYamlAll, readText, yamlFiles } from './files.js';
import type { Manifest } from './files.js';

type Model = { validate(): void };
type ModelClass = new (data?: Manifest) => Model;

/** Every Kubernetes object of the base, with the file it stands in; patches and kustomizations are not objects. */
export function readBase(): { file: string; object: Manifest }[] {
  return yamlFiles('k8s/base')
    .filter((file) => !file.endsWith('/kustomization.yaml'))
    .flatMap((file) => parseYamlAll(readText(file)).map((object) => ({ file, object })));
}

/** Checks every object, one after the other: the test runner loses modules that are imported at the same moment. */
export async function allSchemaViolations(objects: Manifest[]): Promise<string[]> {
  const violations: string[] = [];
  for (const object of objects) violations.push(...(await schemaViolations(object)));
  return violations;
}

/** Checks an object against the schema of its kind; fields that the schema does not know are violations too. */
async function schemaViolations(object: Manifest): Promise<string[]> {
  const name = `${object?.kind}/${object?.metadata?.name}`;
  const kind = await modelOf(object);
  if (!kind) return [`${name}: there is no ${object?.kind} in ${object?.apiVersion}`];
  const read = new Set<string>();
  const model = new kind();
  // The schema reads every field that it knows and no other: what stays unread is misspelt or in the wrong place.
  for (const key of Object.keys(object))
    Object.defineProperty(model, key, { enumerable: true, value: watched(object[key], key, read) });
  try {
    model.validate();
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
  return leaves(object)
    .filter((path) => path.includes('.') && !read.has(path))
    .map((path) => `${name}: unknown field ${path}`);
}

async function modelOf(object: Manifest): Promise<ModelClass | undefined> {
  const [group, version] = String(object?.apiVersion).includes('/')
    ? object.apiVersion.split('/')
    : ['', object?.apiVersion];
  const path = ['kubernetes-models', group, version, object?.kind].filter(Boolean).join('/');
  try {
    const module = (await import(path)) as Record<string, ModelClass>;
    return module[object.kind];
  } catch (error) {
    if (/not found|cannot find|not exported|not defined by/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

function watched(value: Manifest, path: string, read: Set<string>): Manifest {
  if (value === null || typeof value !== 'object') return value;
  return new Proxy(value, {
    get(target, key) {
      const inner = Reflect.get(target, key) as Manifest;
      if (typeof key === 'symbol') return inner;
      read.add(`${path}.${key}`);
      return watched(inner, `${path}.${key}`, read);
    },
  });
}

function leaves(value: Manifest, path = ''): string[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}
