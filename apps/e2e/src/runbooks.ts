import { UsageError } from '../../../tools/admin/src/command.js';
import { understand } from '../../../tools/admin/src/run.js';
import type { Manifest } from '../../../tools/manifests/src/files.js';

/** The commands of a document: lines of its shell blocks, and inline code that begins with a name of ours. */
export function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, lines]) => lines!.trim().split('\n'));
  const inline = [...text.replace(/```.*?```/gs, '').matchAll(/`((?:fowergram|kubectl) [^`]+)`/g)].map(
    ([, line]) => line!,
  );
  return [...blocks, ...inline];
}

/** What is wrong with a command: `fowergram` and its options by its own parser, `kubectl` by the objects of k8s/base. */
export function commandViolations(line: string, objects: Manifest[]): string[] {
  const [program, ...words] = line.split(/ +/);
  if (program === 'fowergram') return fowergramViolations(line, words);
  if (program === 'kubectl') return kubectlViolations(line, words, objects);
  return [`"${line}" begins with neither fowergram nor kubectl`];
}

function fowergramViolations(line: string, words: string[]): string[] {
  try {
    return understand(words).command ? [] : [`"${line}" is no command of fowergram`];
  } catch (error) {
    if (error instanceof UsageError) return [`"${line}": ${error.message}`];
    throw error;
  }
}

const VERBS = new Set(['get', 'describe', 'logs', 'rollout', 'scale', 'delete', 'create', 'top', 'exec']);

function kubectlViolations(line: string, words: string[], objects: Manifest[]): string[] {
  if (words[0] !== '--namespace' || words[1] !== 'fowergram') return [`"${line}" does not name the namespace`];
  const verb = words[2] ?? '';
  const known = new Set(objects.map(({ kind, metadata }) => `${String(kind).toLowerCase()}/${metadata.name}`));
  const named = [...line.matchAll(/\b(deployment|statefulset|cronjob)[/ ]([a-z][a-z-]*)/g)].map(
    ([, kind, name]) => `${kind}/${name}`,
  );
  return [
    ...(VERBS.has(verb) ? [] : [`"${line}": kubectl has no ${verb}, or it is not for a runbook`]),
    ...named.filter((name) => !known.has(name)).map((name) => `"${line}": there is no ${name}`),
  ];
}
