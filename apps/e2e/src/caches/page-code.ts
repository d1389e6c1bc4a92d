import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { snippets } from '../snippets.js';

const ROOT = join(import.meta.dirname, '../../../..');

/** A folder of this test's own, from which code finds the packages of the repository. */
export class CodeFolder {
  readonly path: string;

  constructor() {
    const data = join(ROOT, '.data');
    mkdirSync(data, { recursive: true });
    this.path = mkdtempSync(join(data, 'caches-'));
  }

  /** What the code that a page of docs marks with this name exports; `renamed` gives another name to a package. */
  async pageCode<T>(page: string, name: string, renamed: Record<string, string> = {}): Promise<T> {
    let code = snippets(page, name);
    for (const [from, to] of Object.entries(renamed)) code = code.replaceAll(`'${from}'`, `'${to}'`);
    const file = join(this.path, `${name}-${Object.values(renamed).length}.mjs`);
    writeFileSync(file, code);
    return (await import(pathToFileURL(file).href)) as T;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
