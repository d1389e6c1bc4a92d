import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from '../stack/files.mjs';

/**
 * @typedef {{ name: string, root: string }} Project
 * @typedef {(project: Project) => { success: boolean, terminalOutput: string }} OutcomeOf
 */

/**
 * Makes the two functions that Nx wants of an executor, for a run of many projects and for one that is not batched.
 * @param {(projects: Project[], args: string[], context: import('@nx/devkit').ExecutorContext) => Promise<OutcomeOf>} work
 */
export function executor(work) {
  async function* many(graph, _inputs, overrides, context) {
    const tasks = Object.values(graph.tasks);
    const projectOf = ({ target: { project } }) => ({ name: project, root: rootOf(project, context) });
    const startTime = Date.now();
    const outcome = await work(tasks.map(projectOf), overrides.__overrides_unparsed__ ?? [], context);
    const time = { startTime, endTime: Date.now() };
    for (const task of tasks) yield { task: task.id, result: { ...outcome(projectOf(task)), ...time } };
  }
  const one = async (_options, context) => {
    const project = { name: context.projectName, root: rootOf(context.projectName, context) };
    const { success, terminalOutput } = (await work([project], [], context))(project);
    console.log(terminalOutput);
    return { success };
  };
  return [many, one];
}

const rootOf = (project, { projectsConfigurations }) => projectsConfigurations.projects[project].root;

/** Runs a program of ours with Node and answers with its exit code and what it printed; `quiet` keeps that from the terminal. */
export function run(args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Gives `work` an empty folder under .data, which is gone afterwards. */
export async function inFolder(work) {
  mkdirSync(join(root, '.data'), { recursive: true });
  const folder = mkdtempSync(join(root, '.data', 'nx-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True for a file, absolute or from the root of the repository, that lies in this folder of it. */
export function isIn(file, folder) {
  return (file.startsWith(root + sep) ? relative(root, file) : file).startsWith(folder + sep);
}
