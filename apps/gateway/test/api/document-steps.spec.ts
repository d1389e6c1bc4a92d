import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type DocumentNode, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { operationCost } from '../../src/api/documents/cost.rules.js';
import { checkShape } from '../../src/api/documents/shape.rules.js';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));
const MAX_TOKENS = 2_000;

const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (count: number, open: string, close: string, inner: string) =>
  open.repeat(count) + inner + close.repeat(count);

/** Documents of up to 2,000 tokens that somebody sends to keep a validator busy. */
const HOSTILE: [string, string][] = [
  [
    'fragments that name the next one twice',
    `{ me { ...F0 } } ${repeat(180, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`)} fragment F180 on User { id }`,
  ],
  [
    'fifty fragments that name the next one twice',
    `{ me { ...F0 } } ${repeat(49, (i) => `fragment F${i} on User { ${`...F${i + 1} `.repeat(15)} }`)} fragment F49 on User { id }`,
  ],
  [
    'fragments in a circle',
    `{ me { ...F0 } } ${repeat(50, (i) => `fragment F${i} on User { ${repeat(8, (j) => `...F${(i + j + 1) % 50}`)} id }`)}`,
  ],
  ['the same root field', `{ ${'me { id } '.repeat(490)} }`],
  ['the same field in one set', `{ me { ${'avatar { id } '.repeat(490)} } }`],
  ['the same field in five sets', `{ ${`me { ${'avatar { id } '.repeat(97)} } `.repeat(5)} }`],
  ['five equal fields at each of four levels', `{ ${fivefold(['me', 'followers', 'edges', 'node'])} }`],
  [
    'fifty fragments with the same fields in one set',
    `{ me { ${repeat(50, (i) => `...F${i}`)} } } ${repeat(50, (i) => `fragment F${i} on User { followers { edges { node { avatar { id } } } } }`)}`,
  ],
  [
    'fragments side by side at every level',
    `{ me { ${repeat(25, (i) => `...F${i}`)} } } ${repeat(25, (i) => `fragment F${i} on User { followers { edges { node { ${repeat(24, (j) => `...G${j}`)} } } } }`)} ${repeat(24, (i) => `fragment G${i} on User { id }`)}`,
  ],
  ['inline fragments in inline fragments', `{ me { ${nested(395, '... on User { ', '} ', 'id ')} } }`],
  ['fields nested as deep as it goes', `{ ${nested(660, 'me { ', '} ', 'id ')} }`],
  [
    'operations that use every fragment',
    `${repeat(150, (i) => `query Q${i} { me { ...F0 } }`)} ${repeat(40, (i) => `fragment F${i} on User { ...F${i + 1} }`)} fragment F40 on User { id }`,
  ],
  ['variables that nobody uses', `query (${repeat(480, (i) => `$v${i}: Int`)}) { me { id } }`],
  [
    'one variable that is used everywhere',
    `query ($n: Int) { me { ${repeat(130, (i) => `a${i}: followers(first: $n) { pageInfo { hasNextPage } }`)} } }`,
  ],
  ['a list of lists', `{ node(id: ${nested(990, '[', ']', '1')}) { id } }`],
  ['an object of objects', `mutation { createPost(input: ${nested(480, '{ caption: ', '} ', '1')}) { id } }`],
  ['an object with the same key', `mutation { createPost(input: { ${'caption: "x" '.repeat(600)} }) { id } }`],
  ['unknown fields', `{ ${repeat(1_900, (i) => `x${i}`)} }`],
  ['unknown arguments', `{ me(${repeat(600, (i) => `a${i}: 1`)}) { id } }`],
  ['unknown fragments', `{ me { ${repeat(900, (i) => `...F${i}`)} } }`],
  ['directives', `{ me { id ${'@skip(if: false) '.repeat(280)} } }`],
];

function fivefold([field, ...rest]: string[]): string {
  return field ? `${field} { ${fivefold(rest)} } `.repeat(rest.length > 2 ? 3 : 4) : 'id ';
}

/** The same document, counting each read of each of its nodes: steps that do not depend on the machine. */
function counted(document: DocumentNode): { document: DocumentNode; steps: () => number } {
  let steps = 0;
  const proxies = new WeakMap<object, object>();
  const wrap = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    const known = proxies.get(value);
    if (known) return known;
    const proxy = new Proxy(value, {
      get(target, key, receiver) {
        steps++;
        return key === 'loc' ? Reflect.get(target, key) : wrap(Reflect.get(target, key, receiver));
      },
    });
    proxies.set(value, proxy);
    return proxy;
  };
  return { document: wrap(document) as DocumentNode, steps: () => steps };
}

/** Reads of a document of 2,000 tokens; a rule that is linear needs some dozens for each token. */
const BUDGET = 150_000;

describe('A hostile document of 2,000 tokens', () => {
  it.each(HOSTILE)('of %s is checked in bounded steps', (_name, text) => {
    const parsed = parse(text, { maxTokens: MAX_TOKENS });
    const shape = counted(parsed);
    let isRefused = false;
    try {
      checkShape(shape.document);
    } catch (error) {
      expect(error).toBeInstanceOf(GraphQLError);
      isRefused = true;
    }
    const steps: Record<string, number> = { checkShape: shape.steps() };
    // What the shape refuses never reaches a rule.
    for (const rule of isRefused ? [] : specifiedRules) {
      const { document, steps: taken } = counted(parsed);
      validate(schema, document, [rule], { maxErrors: 5 });
      steps[rule.name] = taken();
    }
    if (!isRefused) {
      const { document, steps: taken } = counted(parsed);
      for (const definition of document.definitions)
        if (definition.kind === 'OperationDefinition') operationCost(schema, document, definition);
      steps['operationCost'] = taken();
    }
    expect(Object.entries(steps).filter(([, taken]) => taken > BUDGET)).toEqual([]);
  });
});
