import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';

export const root = join(import.meta.dirname, '../../..');

/** A parsed manifest: these files are checked because their shape cannot be trusted. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what the checks find out
export type Manifest = any;

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Parses one YAML document; merge keys work, doubled keys and other violations throw. */
export function parseYaml(text: string): Manifest {
  const document = parseDocument(text, { merge: true });
  if (document.errors[0]) throw document.errors[0];
  return document.toJS();
}

/** Parses every document of a YAML file. */
export function parseYamlAll(text: string): Manifest[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/** Every YAML file under a folder, as paths from the root of the repository. */
export function yamlFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
