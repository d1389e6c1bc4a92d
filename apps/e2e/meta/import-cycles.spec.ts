import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const apps = ['gateway', 'user', 'post', 'media', 'notification'].map((app) => `apps/${app}`);
const libs = (readdirSync('libs', { recursive: true }) as string[])
  .filter((file) => file.endsWith('/project.json'))
  .map((file) => join('libs', dirname(file)));

/** The relative imports of every source file of a project, those of types included; generated code is not ours. */
function importsOf(project: string): Map<string, string[]> {
  const files = readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true })
    .map((entry) => resolve(entry.parentPath, entry.name))
    .filter((file) => file.endsWith('.ts') && !file.includes('/generated/'));
  return new Map(files.map((file) => [file, relativeImports(file)]));
}

const relativeImports = (file: string): string[] =>
  ts
    .preProcessFile(readFileSync(file, 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => resolve(dirname(file), name.replace(/\.js$/, '.ts')));

/** The files of the first circle that is found; none where imports only lead downwards. */
function findCycle(imports: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

describe('the imports of a project', () => {
  it.each([...apps, ...libs])('form no circle in %s', (project) => {
    const imports = importsOf(project);
    expect(imports.size).toBeGreaterThan(0);
    expect(findCycle(imports)).toEqual([]);
  });

  it('are read of every app and library', () => {
    expect(libs.length).toBeGreaterThan(10);
    for (const app of apps) expect(importsOf(app).size).toBeGreaterThan(10);
  });

  it('are found to form a circle where they do', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(findCycle(imports)).toEqual(['b', 'c', 'b']);
  });
});
