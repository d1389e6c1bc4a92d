import { type ASTNode, type DocumentNode, parse, print, visit } from 'graphql';
import type { FuzzCase, Operation } from './fuzz-case.js';

const MAX_TRIES = 150;

/** Leaves out of a case whatever can be left out while it still shows its problem. */
export async function shrink(fuzzCase: FuzzCase, shows: (smaller: FuzzCase) => Promise<boolean>): Promise<FuzzCase> {
  if (fuzzCase.raw) return fuzzCase;
  let smallest = fuzzCase;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < MAX_TRIES;) {
    isSmaller = false;
    for (const operation of smallerOnes(smallest.operation)) {
      if (++tries > MAX_TRIES) break;
      const candidate = { ...smallest, operation };
      if (!(await shows(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** The same operation with one thing less, the large things first. */
function* smallerOnes(operation: Operation): Generator<Operation> {
  if (operation.variables && typeof operation.variables === 'object')
    for (const name of Object.keys(operation.variables)) {
      const { [name]: _less, ...variables } = operation.variables as Record<string, unknown>;
      yield { ...operation, variables };
    }
  if (typeof operation.query !== 'string') return;
  const document = parsed(operation.query);
  if (document) {
    for (const query of withoutOneNode(document)) yield { ...operation, query };
    return;
  }
  const half = operation.query.length >> 1;
  if (half < 1) return;
  yield { ...operation, query: operation.query.slice(0, half) };
  yield { ...operation, query: operation.query.slice(half) };
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { maxTokens: 5_000, noLocation: true });
  } catch {
    return undefined;
  }
}

const REMOVABLE = new Set([
  'Field',
  'FragmentSpread',
  'InlineFragment',
  'FragmentDefinition',
  'OperationDefinition',
  'Argument',
  'Directive',
  'VariableDefinition',
]);

function* withoutOneNode(document: DocumentNode): Generator<string> {
  const nodes: ASTNode[] = [];
  visit(document, {
    enter: (node) => {
      if (REMOVABLE.has(node.kind)) nodes.push(node);
    },
  });
  for (const unwanted of nodes)
    yield print(visit(document, { enter: (node) => (node === unwanted ? null : undefined) }));
}
