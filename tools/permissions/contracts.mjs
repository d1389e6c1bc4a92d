// Which contracts there are: read from the sources of libs/contracts, because permissions are written before anything is compiled.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse, sourceFiles } from './sources.mjs';

const KINDS = new Set(['query', 'command', 'event', 'push']);

/**
 * Every contract, by the name of the group that is exported and its key: `postRpc` → `create` → kind, owner and subject.
 * @returns {Map<string, Map<string, { kind: string, owner: string, subject: string }>>}
 */
export function readContracts(root) {
  const folder = join(root, 'libs/contracts');
  const owners = readdirSync(folder).filter((name) => name !== 'core');
  const files = owners.flatMap((owner) => sourceFiles(join(folder, owner, 'src')).map((file) => ({ owner, file })));
  return new Map(files.flatMap(({ owner, file }) => groupsOf(parse(file), owner)));
}

function groupsOf(source, owner) {
  return source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter(({ initializer }) => initializer && ts.isObjectLiteralExpression(initializer))
    .map(({ name, initializer }) => [
      name.getText(source),
      new Map(initializer.properties.flatMap((property) => contractOf(property, owner))),
    ])
    .filter(([, contracts]) => contracts.size > 0);
}

function contractOf(property, owner) {
  const call = property.initializer;
  if (!call || !ts.isCallExpression(call) || !KINDS.has(call.expression.text)) return [];
  const [subject] = call.arguments;
  if (!ts.isStringLiteral(subject)) throw new Error(`The subject of ${property.name.text} must be a string.`);
  return [[property.name.text, { kind: call.expression.text, owner, subject: subject.text }]];
}
