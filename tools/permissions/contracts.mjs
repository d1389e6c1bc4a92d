// Which contracts there are: read from the sources of libs/contracts, because permissions are written before anything is compiled.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse, sourceFiles } from './sources.mjs';

const KINDS = new Set(['query', 'command', 'event', 'push']);

/**
 * Every contract, and every event that a group lists for readers of the log (`reported(userEvent.followed, …)`), by the name of the group that is exported and its key: `postRpc` → `create` → kind, owner and subject.
 * @returns {Map<string, Map<string, { kind: string, owner: string, subject: string }>>}
 */
export function readContracts(root) {
  const folder = join(root, 'libs/contracts');
  const owners = readdirSync(folder).filter((name) => name !== 'core');
  const files = owners.flatMap((owner) => sourceFiles(join(folder, owner, 'src')).map((file) => ({ owner, file })));
  const sources = files.map(({ owner, file }) => ({ owner, source: parse(file) }));
  const contracts = new Map(
    sources.flatMap(({ owner, source }) => groupsOf(source, (property) => contractOf(property, owner))),
  );
  const lists = sources.flatMap(({ source }) => groupsOf(source, (property) => reportedOf(property, contracts)));
  return new Map([...contracts, ...lists]);
}

function groupsOf(source, entriesOf) {
  return source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .map(({ name, initializer }) => ({ name, object: objectIn(initializer) }))
    .filter(({ object }) => object)
    .map(({ name, object }) => [name.getText(source), new Map(object.properties.flatMap(entriesOf))])
    .filter(([, contracts]) => contracts.size > 0);
}

/** The literal of an object, whatever it is said to satisfy. */
function objectIn(initializer) {
  const literal = initializer && ts.isSatisfiesExpression(initializer) ? initializer.expression : initializer;
  return literal && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

function contractOf(property, owner) {
  const call = property.initializer;
  if (!call || !ts.isCallExpression(call) || !KINDS.has(call.expression.text)) return [];
  const [subject] = call.arguments;
  if (!ts.isStringLiteral(subject)) throw new Error(`The subject of ${property.name.text} must be a string.`);
  return [[property.name.text, { kind: call.expression.text, owner, subject: subject.text }]];
}

function reportedOf(property, contracts) {
  const call = property.initializer;
  if (!call || !ts.isCallExpression(call) || call.expression.text !== 'reported') return [];
  const [event] = call.arguments;
  const contract = ts.isPropertyAccessExpression(event) && contracts.get(event.expression.text)?.get(event.name.text);
  if (contract?.kind !== 'event') throw new Error(`What ${property.name.text} reports must be an event by its name.`);
  return [[property.name.text, { ...contract, kind: 'reported' }]];
}
