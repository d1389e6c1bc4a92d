import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suffixesOf } from '../../../tools/lint/suffixes.mjs';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const services = ['gateway', 'user', 'post', 'media', 'notification'];

/** The rows of a table of the page, as lists of cells, by the title of its first column. */
function table(title: string): string[][] {
  const [, , ...rows] = page
    .slice(page.indexOf(`| ${title} |`))
    .split('\n\n')[0]!
    .split('\n');
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The services whose contracts each service knows, as the page says. */
const said = (): [service: string, known: string[]][] =>
  table('service').map(([service, known]) => [service!, known!.split(', ').filter(Boolean).sort()]);

/** The rules between projects that eslint.config.mjs gives to `@nx/enforce-module-boundaries`. */
function lintRules(): { sourceTag: string; onlyDependOnLibsWithTags: string[] }[] {
  const script = `
    import config from './eslint.config.mjs';
    const rules = config.flatMap((block) => block.rules?.['@nx/enforce-module-boundaries']?.[1]?.depConstraints ?? []);
    console.log(JSON.stringify(rules));`;
  const args = ['--input-type=module', '-e', script];
  const env = { ...process.env, NODE_OPTIONS: '' };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env })) as ReturnType<
    typeof lintRules
  >;
}

describe('docs/architecture.md', () => {
  it('says which services know whose contracts, as the graph of Nx does', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'graph-')), 'graph.json');
    execFileSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'graph', `--file=${file}`], {
      cwd: root,
      stdio: 'ignore',
    });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
      graph: { dependencies: Record<string, { target: string }[]> };
    };
    const used = services.map((service) => [
      service,
      graph.dependencies[service]!.map(({ target }) => target)
        .filter(
          (target) => target.startsWith('contracts-') && ![`contracts-${service}`, 'contracts-core'].includes(target),
        )
        .map((target) => target.replace('contracts-', ''))
        .sort(),
    ]);
    expect(said()).toEqual(used);
  });

  it('says which services may know whose contracts, as lint does', () => {
    const rules = lintRules();
    const allowed = services.map((service) => [
      service,
      rules
        .find(({ sourceTag }) => sourceTag === `scope:${service}`)!
        .onlyDependOnLibsWithTags.map((tag) => tag.replace('scope:', ''))
        .filter((scope) => ![service, 'shared'].includes(scope))
        .sort(),
    ]);
    expect(said()).toEqual(allowed);
  });

  it('lists every suffix that lint gives to a decorated class', () => {
    const said = new Set(
      table('suffix').flatMap(([suffixes]) => [...suffixes!.matchAll(/`\.(\w+)`/g)].map(([, suffix]) => suffix)),
    );
    expect([...new Set(Object.values(suffixesOf).flat())].filter((suffix) => !said.has(suffix))).toEqual([]);
  });

  it('lists every library', () => {
    const libraries = execFileSync('git', ['ls-files', 'libs/*/project.json'], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((file) => file.split('/')[1]!);
    const said = table('library').map(([name]) => name!.replaceAll('`', '').replace('/*', ''));
    expect(libraries.filter((name) => name !== 'contracts' && !said.includes(name))).toEqual([]);
  });
});
