// Who says what to whom, derived from the code: a service may do what its source does with the contracts that lint lets it know.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readContracts } from './contracts.mjs';
import { parse, sourceFiles, visitAll } from './sources.mjs';

/** What a service does: subjects and names of contracts, sorted. */
const nothing = () => ({
  answers: new Set(),
  calls: new Set(),
  publishes: new Set(),
  consumes: new Set(),
  hears: new Set(),
  reads: new Set(),
  pushes: new Set(),
  receives: new Set(),
  broadcasts: new Set(),
});

/**
 * The service map: what each service answers (`@Handle`), calls, publishes, consumes (`@On`), hears without a durable consumer, reads
 * in the log (`logged`, or a list of what is `reported`), pushes to sockets, receives for its sockets, and broadcasts to its own replicas.
 * @returns {Record<string, Record<keyof ReturnType<typeof nothing>, string[]>>}
 */
export function readServiceMap(root) {
  const contracts = readContracts(root);
  return Object.fromEntries(
    servicesOf(root).map((service) => [service, usesOf(join(root, 'apps', service, 'src'), service, contracts)]),
  );
}

/** The requests that the operator's command sends. */
export function readOperatorCalls(root) {
  return usesOf(join(root, 'tools/admin/src'), 'operator', readContracts(root)).calls;
}

/** The applications that are services, in the order in which they are spoken of: the gateway first. */
export function servicesOf(root) {
  const names = readdirSync(join(root, 'apps')).filter((name) =>
    existsSync(join(root, 'apps', name, 'src/service.ts')),
  );
  return names.sort((a, b) => Number(b === 'gateway') - Number(a === 'gateway') || a.localeCompare(b));
}

function usesOf(folder, service, contracts) {
  const uses = nothing();
  for (const file of sourceFiles(folder)) {
    const text = readFileSync(file, 'utf8');
    if (!/@fowergram\/contracts-/.test(text)) continue;
    const source = parse(file, text);
    const groups = importedGroups(source, contracts);
    visitAll(source, (node) => {
      if (isBroadcast(node)) uses.broadcasts.add(node.arguments[0].text);
      if (!ts.isIdentifier(node) || !groups.has(node.text)) return;
      for (const contract of named(node, groups.get(node.text)))
        uses[useOf(node.parent, contract, service)].add(contract.subject);
    });
  }
  return Object.fromEntries(Object.entries(uses).map(([use, subjects]) => [use, [...subjects].sort()]));
}

/** `broadcast('a.topic.of.its.own', …)`: a service declares those itself, for its replicas alone. */
const isBroadcast = (node) =>
  ts.isCallExpression(node) && node.expression.text === 'broadcast' && ts.isStringLiteral(node.arguments[0]);

/** The groups of contracts that a file imports, by the name that they have there. */
function importedGroups(source, contracts) {
  const clauses = source.statements
    .filter((node) => ts.isImportDeclaration(node) && node.moduleSpecifier.text.startsWith('@fowergram/contracts-'))
    .map(({ importClause }) => importClause);
  if (clauses.some((clause) => clause?.namedBindings && ts.isNamespaceImport(clause.namedBindings)))
    throw new Error(`${source.fileName} imports contracts by *: name them, permissions are derived from the names.`);
  return new Map(
    clauses
      .flatMap((clause) => [...(clause?.namedBindings?.elements ?? [])])
      .map(({ name, propertyName }) => [name.text, contracts.get((propertyName ?? name).text)])
      .filter(([, group]) => group),
  );
}

/** The contracts that are meant where a group is mentioned; none where only its type is, and all of a list for readers of the log. */
function named(identifier, group) {
  const { parent } = identifier;
  if (ts.isImportSpecifier(parent) || ts.isQualifiedName(parent) || ts.isTypeQueryNode(parent)) return [];
  const isMember = ts.isPropertyAccessExpression(parent);
  if (isMember && parent.name === identifier) return [];
  const all = [...group.values()];
  if (all.every(({ kind }) => kind === 'reported')) return all;
  const contract = isMember && group.get(parent.name.text);
  if (contract) return [contract];
  const { fileName } = identifier.getSourceFile();
  throw new Error(
    `${fileName} uses ${identifier.text} as a whole: name each contract, permissions are derived from that.`,
  );
}

function useOf(mention, { kind, owner }, service) {
  const caller = ts.isCallExpression(mention.parent) ? mention.parent : undefined;
  if (caller && ts.isDecorator(caller.parent)) return caller.expression.text === 'Handle' ? 'answers' : 'consumes';
  if (kind === 'reported' || (kind === 'event' && caller?.expression.text === 'logged')) return 'reads';
  if (kind === 'event') return owner === service ? 'publishes' : 'hears';
  if (kind === 'push') return owner === service ? 'pushes' : 'receives';
  // The owner names its requests as scopes of idempotency keys too, and need not be able to send them.
  const isSent = caller && ts.isPropertyAccessExpression(caller.expression) && caller.expression.name.text === 'call';
  return owner === service && !isSent ? 'answers' : 'calls';
}
