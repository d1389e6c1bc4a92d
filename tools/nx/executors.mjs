// One process does a target for all projects of a run: types are read once, and one stack serves all tests.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from '../stack/files.mjs';
import { executor, inFolder, isIn, run } from './batch.mjs';

const generate = () => run(['tools/build/generate.mjs'], { quiet: true });

export const [build, buildOne] = executor(async (projects, _args, { projectGraph: graph }) => {
  const needed = new Set(projects.map(({ name }) => name));
  // A set also hands out what is added while it is read: all that is needed, however indirectly and in circles.
  for (const name of needed) for (const { target } of graph.dependencies[name] ?? []) needed.add(target);
  await generate();
  const folders = [...needed].map((name) => graph.nodes[name]?.data.root).filter(Boolean);
  const { code, output } = await run(['tools/build/build.mjs', ...folders], { quiet: true });
  return () => ({ success: code === 0, terminalOutput: output });
});

export const [lint, lintOne] = executor(async (projects, args) => {
  await generate();
  const { ESLint } = await import('eslint');
  const eslint = new ESLint({ cwd: root, fix: args.includes('--fix') });
  const folders = projects.flatMap(foldersOf).filter((folder) => existsSync(join(root, folder)));
  const results = await eslint.lintFiles(folders);
  await ESLint.outputFixes(results);
  const { format } = await eslint.loadFormatter('stylish');
  return (project) => {
    const own = results.filter(({ filePath }) => foldersOf(project).some((folder) => isIn(filePath, folder)));
    const success = own.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
    return { success, terminalOutput: format(own) };
  };
});

/** The folder of a project, and that of its database. */
const foldersOf = ({ name, root: folder }) => [folder, `prisma/${name}`];

export const [typecheck, typecheckOne] = executor((projects) =>
  inFolder(async (folder) => {
    await generate();
    const config = join(folder, 'tsconfig.json');
    const include = projects.map((project) => join(root, project.root, '**/*.ts'));
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.base.json'), include }));
    const { code, output } = await run(['node_modules/typescript/bin/tsc', '-p', config, '--pretty', 'false'], {
      quiet: true,
    });
    const errors = output.split(/\n(?=\S)/).filter((text) => text.includes('error TS'));
    // A fault in a library that one of these projects uses stops them all.
    const elsewhere = errors.filter((text) => !projects.some((project) => isIn(text, project.root)));
    return (project) => {
      const own = [...errors.filter((text) => isIn(text, project.root)), ...elsewhere];
      return { success: own.length === 0 && (code === 0 || errors.length > 0), terminalOutput: own.join('\n') };
    };
  }),
);

export const [test, testOne] = executor((projects, args) =>
  inFolder(async (folder) => {
    const results = join(folder, 'results.json');
    const paths = projects.map((project) => `${project.root}/`);
    await run(['tools/stack/test.mjs', `--results=${results}`, ...paths, ...args]);
    const files = readJson(results)?.testResults ?? [];
    return (project) => {
      const own = files.filter(({ name }) => isIn(name, project.root));
      return {
        success: own.length > 0 && own.every(({ status }) => status === 'passed'),
        terminalOutput: own.map(({ name, status }) => `${status} ${name.slice(root.length + 1)}`).join('\n'),
      };
    };
  }),
);
