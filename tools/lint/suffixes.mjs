import { basename } from 'node:path';

/** The suffix table of docs/architecture.md: where a class with this decorator stands, so that a file's name says what it is. */
export const suffixesOf = {
  Controller: ['controller'],
  Resolver: ['resolver'],
  Processor: ['processor'],
  Module: ['module'],
  ErasureStep: ['erasure'],
  Catch: ['filter', 'module'],
  Scalar: ['scalar'],
  ObjectType: ['types'],
  InputType: ['types'],
  ArgsType: ['types'],
  InterfaceType: ['types'],
  Injectable: [
    'service',
    'repository',
    'cache',
    'queue',
    'storage',
    'client',
    'erasure',
    'guard',
    'pipe',
    'filter',
    'interceptor',
    'strategy',
    'module',
  ],
};

const decoratorName = ({ expression }) =>
  expression.type === 'CallExpression' ? expression.callee.name : expression.name;

/** Refuses a decorated class in a file whose suffix says something else. */
export const suffix = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { wrong: 'A class with @{{decorator}} stands in a file *.{{suffixes}}.ts.' },
  },
  create(context) {
    const own = basename(context.filename).split('.').slice(1, -1).at(-1);
    return {
      ClassDeclaration(node) {
        // The most specific decorator decides: a filter is injectable too.
        const names = (node.decorators ?? []).map(decoratorName).filter((name) => name in suffixesOf);
        const decorator = names.find((name) => name !== 'Injectable') ?? names[0];
        if (!decorator || suffixesOf[decorator].includes(own)) return;
        context.report({
          node,
          messageId: 'wrong',
          data: { decorator, suffixes: suffixesOf[decorator].join('.ts, *.') },
        });
      },
    };
  },
};
